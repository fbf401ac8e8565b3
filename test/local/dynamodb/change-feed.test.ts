/** The change feed in memory: what is told, in which order, and what happens when a consumer fails. */
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createDelivery } from '../../../local/dynamodb/change-feed.ts';
import type { ChangeRecord } from '../../../local/dynamodb/change-log.ts';
import { errorOf, N, openWorld, S, type World } from './embedded-world.ts';

const T = 'journal';
let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.createTable(T, true);
});
afterEach(() => world.close());

const key = (sk: string) => ({ pk: S('AR'), sk: S(sk) });
const put = (sk: string, more: object = {}) =>
  world.client.send(new PutItemCommand({ TableName: T, Item: { ...key(sk), ...more } }));
const told = (records: readonly ChangeRecord[]) =>
  records.map(({ eventName, keys }) => `${eventName} ${Object.values(keys['sk'] ?? {})[0]}`);
const listen = (table = T) => {
  const batches: ChangeRecord[][] = [];
  world.dynamo.changes.subscribe(table, async (batch) => {
    batches.push(batch);
  });
  return batches;
};

test('inserts, changes and removals are told with keys only; writes without a change are not', async () => {
  const batches = listen();
  await put('1', { n: N(1), secret: S('never in the feed') });
  await put('1', { secret: S('never in the feed'), n: N(1) });
  await world.client.send(
    new UpdateItemCommand({
      TableName: T,
      Key: key('1'),
      UpdateExpression: 'ADD n :i',
      ExpressionAttributeValues: { ':i': N(1) },
    }),
  );
  await world.client.send(new DeleteItemCommand({ TableName: T, Key: key('1') }));
  await world.client.send(new DeleteItemCommand({ TableName: T, Key: key('1') }));
  await world.dynamo.settled();
  expect(told(batches.flat())).toEqual(['INSERT 1', 'MODIFY 1', 'REMOVE 1']);
  const [first] = batches.flat();
  expect(first).toEqual({
    table: T,
    eventName: 'INSERT',
    keys: key('1'),
    sequence: expect.stringMatching(/^\d{21}$/),
  });
});

test('a transaction is told in the order of its operations, a failed one not at all', async () => {
  const batches = listen();
  const transact = (sks: string[], gate?: string) =>
    world.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          ...sks.map((sk) => ({ Put: { TableName: T, Item: key(sk) } })),
          ...(gate === undefined
            ? []
            : [
                {
                  ConditionCheck: {
                    TableName: T,
                    Key: key(gate),
                    ConditionExpression: 'attribute_exists(pk)',
                  },
                },
              ]),
        ],
      }),
    );
  await transact(['c', 'a', 'b']);
  await errorOf(transact(['x', 'y'], 'nobody'));
  await transact(['d'], 'a');
  await world.dynamo.settled();
  expect(told(batches.flat())).toEqual(['INSERT c', 'INSERT a', 'INSERT b', 'INSERT d']);
});

test('a table without a stream is not told', async () => {
  await world.createTable('silent');
  const batches = listen('silent');
  await world.client.send(new PutItemCommand({ TableName: 'silent', Item: key('1') }));
  await world.dynamo.settled();
  expect(batches).toEqual([]);
});

test('what happened before the subscription is delivered, at most 100 records at a time, in order', async () => {
  const names = Array.from({ length: 225 }, (_, i) => String(i).padStart(3, '0'));
  for (let at = 0; at < names.length; at += 25) {
    await world.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [T]: names.slice(at, at + 25).map((sk) => ({ PutRequest: { Item: key(sk) } })),
        },
      }),
    );
  }
  const batches = listen();
  await world.dynamo.settled();
  expect(batches.map(({ length }) => length)).toEqual([100, 100, 25]);
  expect(new Set(told(batches.flat())).size).toBe(225);
  const sequences = batches.flat().map(({ sequence }) => sequence);
  expect(sequences).toEqual([...sequences].sort());
});

test('a consumer that throws gets the same batch again, and nothing later overtakes it', async () => {
  const seen: string[][] = [];
  world.dynamo.changes.subscribe(T, async (batch) => {
    seen.push(told(batch));
    if (seen.length <= 2) throw new Error('not yet');
  });
  await put('1');
  await put('2');
  await put('3');
  await world.dynamo.settled();
  await world.dynamo.settled();
  expect(seen.slice(0, 3)).toEqual([['INSERT 1'], ['INSERT 1'], ['INSERT 1']]);
  expect(seen.slice(3).flat()).toEqual(['INSERT 2', 'INSERT 3']);
  expect(world.problems).toEqual([new Error('not yet'), new Error('not yet')]);
});

test('settled does not hang on a consumer that never succeeds: it waits for one retry', async () => {
  let attempts = 0;
  world.dynamo.changes.subscribe(T, async () => {
    attempts += 1;
    throw new Error('never');
  });
  await put('1');
  await world.dynamo.settled();
  expect(attempts).toBe(2);
  await world.dynamo.settled();
  expect(attempts).toBe(3);
});

test('settled waits for what consumers change in other tables', async () => {
  await world.createTable('second', true);
  const second = listen('second');
  world.dynamo.changes.subscribe(T, async ([record]) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const Item = { ...key('echo'), of: S(record?.sequence ?? '') };
    await world.client.send(new PutItemCommand({ TableName: 'second', Item }));
  });
  await put('1');
  await world.dynamo.settled();
  expect(told(second.flat())).toEqual(['INSERT echo']);
});

test('two consumers of one table both get everything; only the one that failed gets it again', async () => {
  const steady = listen();
  const shaky: string[] = [];
  world.dynamo.changes.subscribe(T, async (batch) => {
    shaky.push(...told(batch));
    if (shaky.length === 1) throw new Error('once');
  });
  await put('1');
  await put('2');
  await world.dynamo.settled();
  expect(told(steady.flat())).toEqual(['INSERT 1', 'INSERT 2']);
  expect(shaky).toEqual(['INSERT 1', 'INSERT 1', 'INSERT 2']);
});

test('a table that nobody reads keeps its newest 10,000 changes only', async () => {
  const forgotten: ChangeRecord[] = [];
  const delivery = createDelivery({
    acknowledge: async (records) => {
      forgotten.push(...records);
    },
    onFailure: () => {},
  });
  const record = (i: number): ChangeRecord => ({
    table: T,
    eventName: 'INSERT',
    keys: key(String(i)),
    sequence: String(i).padStart(21, '0'),
  });
  await delivery.enqueue(Array.from({ length: 9999 }, (_, i) => record(i)));
  expect(forgotten).toEqual([]);
  await delivery.enqueue([record(9999), record(10_000), record(10_001)]);
  expect(told(forgotten)).toEqual(['INSERT 0', 'INSERT 1']);
  await delivery.stop();
});
