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

test('a timeout gives no answer and has no effect', async () => {
  next = 'timeout';
  expect(await errorOf(put('1', AbortSignal.timeout(200)))).toMatchObject({ name: 'AbortError' });
  expect(await exists('1')).toBe(false);
});

test('a lost answer leaves its effect', async () => {
  next = 'lost';
  expect(await errorOf(put('1', AbortSignal.timeout(200)))).toMatchObject({ name: 'AbortError' });
  expect(await exists('1')).toBe(true);
});

test('a slow answer comes after 1.5 s, and others do not wait for it', async () => {
  const answered: string[] = [];
  next = 'slow';
  const startedAt = performance.now();
  const slow = put('1').then(() => answered.push('slow'));
  while (next === 'slow') await new Promise((resolve) => setTimeout(resolve, 1));
  await put('2').then(() => answered.push('other'));
  await slow;
  expect(answered).toEqual(['other', 'slow']);
  expect(performance.now() - startedAt).toBeGreaterThan(1490);
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
  next = 'timeout';
  const unanswered = errorOf(put('1'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const startedAt = performance.now();
  await world.dynamo.close();
  expect(performance.now() - startedAt).toBeLessThan(1000);
  await unanswered;
  world = await openWorld();
});
