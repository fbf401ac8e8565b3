/** What a restart finds after a clean end, or after a table was left half-done; and that the files stay small. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ResourceNotFoundException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { ChangeRecord } from '../../../local/dynamodb/change-log.ts';
import { openDatabase } from '../../../local/dynamodb/database.ts';
import { type Body, prepare, run } from '../../../local/dynamodb/dynalite-operations.ts';
import { feedPrefix, tablePrefix, tokenPrefix } from '../../../local/dynamodb/layout.ts';
import { errorOf, N, openWorld, S, type World } from './embedded-world.ts';

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

test('items, indexes, time to live, tokens and undelivered changes survive; sequences go on', async () => {
  const first = await open();
  await first.createTable(T, true);
  await put(first, '0');
  const before = await collect(first);
  await first.client.send(
    new UpdateTimeToLiveCommand({
      TableName: T,
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    }),
  );
  await close(first);

  const second = await open();
  await transact(second, [increment('1'), increment('2')], 'once');
  await close(second);

  const third = await open();
  await transact(third, [increment('1'), increment('2')], 'once');
  expect(await third.get(T, 'AR', '1')).toMatchObject({ n: N(1) });
  expect(await third.byG(T, 'new')).toEqual(['AR/1', 'AR/2']);
  const ttl = await third.client.send(new DescribeTimeToLiveCommand({ TableName: T }));
  expect(ttl.TimeToLiveDescription?.AttributeName).toBe('ttl');
  const after = await collect(third);
  expect([told(before), told(after)]).toEqual([['INSERT 0'], ['INSERT 1', 'INSERT 2']]);
  expect((after[0]?.sequence ?? '') > (before[0]?.sequence ?? '')).toBe(true);
  await close(third);

  expect(await collect(await open())).toEqual([]);
});

test('a change that its consumer had not taken comes again after the restart', async () => {
  const first = await open();
  await first.createTable(T, true);
  first.dynamo.changes.subscribe(T, async () => {
    throw new Error('not today');
  });
  await put(first, '1');
  await put(first, '2');
  await close(first);
  expect(told(await collect(await open()))).toEqual(['INSERT 1', 'INSERT 2']);
});

test('a table whose creation or deletion was interrupted is finished at the start', async () => {
  const world = await open();
  for (const name of ['creating', 'deleting']) {
    await world.createTable(name);
    const Item = { ...key('1'), g: S('g'), h: S('h') };
    await world.client.send(new PutItemCommand({ TableName: name, Item }));
  }
  await close(world);
  const database = await openDatabase(dataDir);
  const interrupt = async (name: string, TableStatus: string) => {
    const stored = await database.store.db.get(tablePrefix + name);
    const value = { ...z.record(z.string(), z.unknown()).parse(stored), TableStatus };
    await database.write([{ type: 'put', key: tablePrefix + name, value }], 'synced');
  };
  await interrupt('creating', 'CREATING');
  await interrupt('deleting', 'DELETING');
  await database.close();

  const again = await open();
  const { Table } = await again.client.send(new DescribeTableCommand({ TableName: 'creating' }));
  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(await again.byG('creating', 'g')).toEqual(['AR/1']);
  expect(await errorOf(again.count('deleting'))).toBeInstanceOf(ResourceNotFoundException);
  await again.createTable('deleting');
  expect(await again.count('deleting')).toBe(0);
  expect(await again.byG('deleting', 'g')).toEqual([]);
});

test('a second process on the same folder is refused with a sentence', async () => {
  await open();
  expect((await errorOf(openWorld({ dataDir }))).message).toContain('another Hallpass');
});

test('what was delivered and tokens that are over are deleted', async () => {
  const world = await open();
  await world.createTable(T, true);
  await collect(world);
  await transact(world, [increment('1')], 'old');
  world.clock.now = new Date(world.clock.now.getTime() + 600_000);
  await transact(world, [increment('1')], 'new');
  await world.dynamo.settled();
  await close(world);
  const database = await openDatabase(dataDir);
  const names = async (prefix: string) => {
    const found: string[] = [];
    for await (const [name] of database.entries(prefix)) found.push(name);
    return found;
  };
  expect(await names(feedPrefix)).toEqual([]);
  expect(await names(tokenPrefix)).toEqual([`${tokenPrefix}new`]);
  await database.close();
});

test('the files do not grow with every write, also while queries stop half-way', async () => {
  const world = await open();
  await world.createTable(T);
  await close(world);
  const database = await openDatabase(dataDir);
  const { store } = database;
  const does = (operation: 'PutItem' | 'Query', body: Body) =>
    run(store, operation, prepare(store, operation, body));
  const query = {
    TableName: T,
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': S('AR') },
    Limit: 1,
  };
  await does('PutItem', { TableName: T, Item: key('0') });
  for (let i = 0; i < 130; i += 1) {
    const noise = S(randomBytes(150_000).toString('hex'));
    await does('PutItem', { TableName: T, Item: { ...key('same'), noise } });
    expect(await does('Query', query)).toMatchObject({ Count: 1 });
  }
  const bytes = readdirSync(dataDir).reduce((sum, f) => sum + statSync(join(dataDir, f)).size, 0);
  expect(bytes).toBeLessThan(32_000_000);
  await database.close();
});
