/** Faults on demand: what the client sees, and what stays behind. */
import {
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoFault } from '../../../local/dynamodb/faults.ts';
import { errorOf, openWorld, S, type World } from './embedded-world.ts';

const T = 'things';
let world: World;
let next: DynamoFault = 'none';
let asked: string[] = [];
/** Lets a slow request go on. */
let goOn: () => void;
beforeEach(async () => {
  world = await openWorld({
    onFault: (kind, { operation }) => {
      asked.push(`${kind} ${operation}`);
      const fault = next;
      next = 'none';
      return fault;
    },
    crash: () => {
      throw new Error('the process would have died here');
    },
    slow: () =>
      new Promise((resolve) => {
        goOn = resolve;
      }),
  });
  await world.createTable(T);
  asked = [];
});
afterEach(() => world.close());

const key = (sk: string) => ({ pk: S('a'), sk: S(sk) });
const put = (sk: string, abortSignal?: AbortSignal) =>
  world.client.send(
    new PutItemCommand({ TableName: T, Item: key(sk) }),
    abortSignal ? { abortSignal } : {},
  );
const transact = (...sks: string[]) =>
  world.client.send(
    new TransactWriteItemsCommand({
      TransactItems: sks.map((sk) => ({ Put: { TableName: T, Item: key(sk) } })),
    }),
  );
const exists = async (sk: string) => (await world.get(T, 'a', sk)) !== undefined;

test.each([
  ['500', 'InternalServerError', 500],
  ['429', 'ThrottlingException', 400],
  ['409', 'TransactionConflictException', 400],
] as const)('a %s is answered as %s and nothing is applied', async (fault, name, status) => {
  next = fault;
  expect(await errorOf(put('1'))).toMatchObject({ name, $metadata: { httpStatusCode: status } });
  expect(await exists('1')).toBe(false);
});

test('a 409 cancels a transaction for a conflict and applies nothing of it', async () => {
  next = '409';
  expect(await errorOf(transact('1', '2', '3'))).toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }],
  });
  expect(await world.count(T)).toBe(0);
});

/** A write that this fault befalls, once it has; its caller hangs up when told to. */
async function befallen(fault: DynamoFault) {
  next = fault;
  const caller = new AbortController();
  const outcome = errorOf(put('1', caller.signal));
  while (next === fault) await new Promise(setImmediate);
  return {
    outcome,
    hangUp: () => {
      caller.abort();
      return outcome;
    },
  };
}

test('a timeout gives no answer and has no effect', async () => {
  const { hangUp } = await befallen('timeout');
  await put('2');
  expect(await hangUp()).toMatchObject({ name: 'AbortError' });
  expect(await exists('1')).toBe(false);
});

test('a lost answer leaves its effect', async () => {
  const { hangUp } = await befallen('lost');
  while (!(await exists('1'))) await new Promise(setImmediate);
  expect(await hangUp()).toMatchObject({ name: 'AbortError' });
  expect(await exists('1')).toBe(true);
});

test('a slow answer comes late, and others do not wait for it', async () => {
  next = 'slow';
  const slow = put('1');
  while (next === 'slow') await new Promise(setImmediate);
  await put('2');
  expect([await exists('1'), await exists('2')]).toEqual([false, true]);
  goOn();
  await slow;
  expect(await exists('1')).toBe(true);
});

test('a crash calls for the death of the process before anything is applied', async () => {
  next = 'crash';
  await errorOf(transact('1', '2'));
  expect(world.problems).toEqual([new Error('the process would have died here')]);
  expect(await world.count(T)).toBe(0);
});

test('reads and writes are told apart', async () => {
  await world.client.send(new GetItemCommand({ TableName: T, Key: key('1') }));
  await world.client.send(new ScanCommand({ TableName: T }));
  await world.client.send(
    new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: T, Key: key('1') } }] }),
  );
  await put('1');
  await transact('2');
  expect(asked).toEqual([
    'read GetItem',
    'read Scan',
    'read TransactGetItems',
    '* PutItem',
    '* TransactWriteItems',
  ]);
});

test('a close does not wait for requests that will never be answered', async () => {
  const { outcome } = await befallen('timeout');
  // Nobody hangs up: it would wait as long as this test may.
  await world.dynamo.close();
  await outcome;
  world = await openWorld();
});
