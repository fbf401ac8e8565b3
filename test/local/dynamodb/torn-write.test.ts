/** All or nothing: the data as a kill at any step of a transaction, or a torn log, leaves it. */

import { randomBytes } from 'node:crypto';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { ChangeRecord } from '../../../local/dynamodb/change-log.ts';

import { N, openWorld, S, type World } from './embedded-world.ts';

const T = 'journal';
let root: string;
let dataDir: string;
const opened: World[] = [];
const open = async (folder = dataDir, options: Parameters<typeof openWorld>[0] = {}) => {
  const world = await openWorld({ dataDir: folder, ...options });
  opened.push(world);
  return world;
};
const close = async (world: World) => {
  opened.splice(opened.indexOf(world), 1);
  await world.close();
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'embedded-dynamo-'));
  dataDir = join(root, 'data');
});
afterEach(async () => {
  for (const world of [...opened]) await close(world);
  rmSync(root, { recursive: true });
});

const key = (sk: string) => ({ pk: S('AR'), sk: S(sk) });
const increment = (sk: string): TransactWriteItem => ({
  Update: {
    TableName: T,
    Key: key(sk),
    UpdateExpression: 'SET g = :g, h = :h ADD n :one',
    ExpressionAttributeValues: { ':one': N(1), ':g': S('new'), ':h': S(sk) },
  },
});
const put = (world: World, sk: string, more: object = {}) =>
  world.client.send(new PutItemCommand({ TableName: T, Item: { ...key(sk), ...more } }));
const transact = (world: World, TransactItems: TransactWriteItem[], ClientRequestToken: string) =>
  world.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
const collect = async (world: World) => {
  const records: ChangeRecord[] = [];
  world.dynamo.changes.subscribe(T, async (batch) => {
    records.push(...batch);
  });
  await world.dynamo.settled();
  return records;
};
const told = (records: ChangeRecord[]) =>
  records.map(({ eventName, keys }) => `${eventName} ${Object.values(keys['sk'] ?? {})[0]}`);

/** Opens a copy of the data as a restart would, and tells how much of the transaction is there. */
async function lookAt(folder: string): Promise<'nothing' | 'everything'> {
  const world = await open(folder);
  const items = await Promise.all(['1', '2', '3'].map((sk) => world.get(T, 'AR', sk)));
  const facts = {
    counters: items.map((item) => item?.['n']?.N),
    index: [await world.byG(T, 'old'), await world.byG(T, 'new')],
    deleted: (await world.get(T, 'AR', 'doomed')) === undefined,
    feed: told(await collect(world)),
  };
  const nothing = {
    counters: ['7', '7', '7'],
    index: [['AR/1', 'AR/2', 'AR/3', 'AR/doomed'], []],
    deleted: false,
    feed: [],
  };
  const everything = {
    counters: ['8', '8', '8'],
    index: [[], ['AR/1', 'AR/2', 'AR/3']],
    deleted: true,
    feed: ['MODIFY 1', 'MODIFY 2', 'REMOVE doomed', 'MODIFY 3'],
  };
  const applied = facts.counters[0] === '8';
  expect(facts).toEqual(applied ? everything : nothing);
  // A client that never saw the answer repeats the request with its token: it is applied once in either case.
  await theTransaction(world).catch((cause: unknown) => expect(cause).toBeUndefined());
  expect((await world.get(T, 'AR', '1'))?.['n']).toEqual(N(8));
  await close(world);
  return applied ? 'everything' : 'nothing';
}

const theTransaction = (world: World) =>
  transact(
    world,
    [
      increment('1'),
      increment('2'),
      { Delete: { TableName: T, Key: key('doomed') } },
      increment('3'),
    ],
    'the-transaction',
  );

/** The state before the transaction, opened anew without a consumer, so that nothing is written besides the transaction. */
async function prepare(onStep: (step: string) => void): Promise<World> {
  const world = await open();
  await world.createTable(T, true);
  for (const sk of ['1', '2', '3', 'doomed']) {
    await put(world, sk, { n: N(7), g: S('old'), h: S(sk) });
  }
  await collect(world);
  await close(world);
  return open(dataDir, { onStep });
}

test('the data as it lies on disk at each step of a transaction holds nothing or everything of it', async () => {
  const steps: string[] = [];
  const world = await prepare((step) => {
    cpSync(dataDir, join(root, `step-${steps.length}`), { recursive: true });
    steps.push(step);
  });
  await theTransaction(world);
  await close(world);
  const found: string[] = [];
  for (const [index, step] of steps.entries()) {
    found.push(`${step}: ${await lookAt(join(root, `step-${index}`))}`);
  }
  expect(found).toEqual([
    'TransactWriteItems begins: nothing',
    'operation 1 staged: nothing',
    'operation 2 staged: nothing',
    'operation 3 staged: nothing',
    'operation 4 staged: nothing',
    'before the commit: nothing',
    'after the commit: everything',
    'TransactWriteItems ends: everything',
  ]);
});

test('a last record that is torn at any byte, or followed by rubbish, is tolerated', async () => {
  const log = (folder: string) => {
    const name = readdirSync(folder)
      .filter((file) => file.endsWith('.log'))
      .sort()
      .at(-1);
    return join(folder, name ?? 'no log file');
  };
  const world = await prepare(() => {});
  const start = statSync(log(dataDir)).size;
  await theTransaction(world);
  const end = statSync(log(dataDir)).size;
  cpSync(dataDir, join(root, 'whole'), { recursive: true });
  const torn = async (name: string, change: (file: string) => void) => {
    const folder = join(root, name);
    cpSync(join(root, 'whole'), folder, { recursive: true });
    change(log(folder));
    return lookAt(folder);
  };
  expect(end - start).toBeGreaterThan(500);
  for (let cut = start; cut < end; cut += Math.ceil((end - start) / 8)) {
    expect(await torn(`cut-${cut}`, (file) => truncateSync(file, cut))).toBe('nothing');
  }
  expect(await torn('cut-last', (file) => truncateSync(file, end - 1))).toBe('nothing');
  const rubbish = randomBytes(300);
  expect(await torn('rubbish', (file) => writeFileSync(file, rubbish, { flag: 'a' }))).toBe(
    'everything',
  );
});
