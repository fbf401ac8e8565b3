/** Client request tokens, and many transactions at once. */
import {
  IdempotentParameterMismatchException,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { errorOf, N, openWorld, S, type World } from './embedded-world.ts';

const T = 'things';
let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.createTable(T);
});
afterAll(async () => {
  expect(world.problems).toEqual([]);
  await world.close();
});

const key = (pk: string) => ({ pk: S(pk), sk: S('1') });
const put = (pk: string, more: object = {}, rest: object = {}): TransactWriteItem => ({
  Put: { TableName: T, Item: { ...key(pk), ...more }, ...rest },
});
const add = (pk: string, by = 1): TransactWriteItem => ({
  Update: {
    TableName: T,
    Key: key(pk),
    UpdateExpression: 'ADD n :by',
    ExpressionAttributeValues: { ':by': N(by) },
  },
});
const check = (pk: string, ConditionExpression: string, rest: object = {}): TransactWriteItem => ({
  ConditionCheck: { TableName: T, Key: key(pk), ConditionExpression, ...rest },
});
const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
const transact = (
  TransactItems: TransactWriteItem[],
  more: Partial<TransactWriteItemsCommandInput> = {},
) => world.client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));

describe('client request tokens', () => {
  test('the same request with the same token is answered and applied once', async () => {
    await transact([add('t1')], { ClientRequestToken: 'token-1' });
    await transact([add('t1')], { ClientRequestToken: 'token-1' });
    expect((await world.get(T, 't1', '1'))?.['n']).toEqual(N(1));
  });

  test('another request with the same token is refused', async () => {
    await transact([add('t2')], { ClientRequestToken: 'token-2' });
    const error = await errorOf(transact([add('t2', 5)], { ClientRequestToken: 'token-2' }));
    expect(error).toBeInstanceOf(IdempotentParameterMismatchException);
    expect((await world.get(T, 't2', '1'))?.['n']).toEqual(N(1));
  });

  test('a token is forgotten after ten minutes, and not before', async () => {
    const start = world.clock.now;
    await transact([add('t3')], { ClientRequestToken: 'token-3' });
    world.clock.now = new Date(start.getTime() + 599_000);
    await transact([add('t3')], { ClientRequestToken: 'token-3' });
    expect((await world.get(T, 't3', '1'))?.['n']).toEqual(N(1));
    world.clock.now = new Date(start.getTime() + 600_000);
    await transact([add('t3')], { ClientRequestToken: 'token-3' });
    expect((await world.get(T, 't3', '1'))?.['n']).toEqual(N(2));
  });

  test('a cancelled request may be tried again with its token', async () => {
    const attempt = () =>
      transact([check('t4-gate', 'attribute_exists(pk)'), add('t4')], {
        ClientRequestToken: 'token-4',
      });
    expect(await errorOf(attempt())).toBeInstanceOf(TransactionCanceledException);
    await transact([put('t4-gate')]);
    await attempt();
    expect((await world.get(T, 't4', '1'))?.['n']).toEqual(N(1));
  });

  test('a token of 37 characters is refused', async () => {
    const error = await errorOf(transact([add('t5')], { ClientRequestToken: 'x'.repeat(37) }));
    expect(error).toMatchObject({ name: 'ValidationException' });
  });
});

describe('contention', () => {
  test('of 50 parallel transactions for one new item exactly one wins, and nothing of the others stays', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        transact([put('prize', { winner: N(i) }, isNew), add('starts'), put(`trace-${i}`)]),
      ),
    );
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.get(T, 'prize', '1'))?.['winner']).toEqual(N(winner));
    expect((await world.get(T, 'starts', '1'))?.['n']).toEqual(N(1));
    const traces = await Promise.all(results.map((_, i) => world.get(T, `trace-${i}`, '1')));
    expect(traces.flatMap((trace, i) => (trace ? [i] : []))).toEqual([winner]);
  });

  test('readers see all of a transaction or nothing of it', async () => {
    await transact([put('r1', { n: N(0) }), put('r2', { n: N(0) }), put('r3', { n: N(0) })]);
    const pairs: (string | undefined)[][] = [];
    const read = async () => {
      const Get = (pk: string) => ({ Get: { TableName: T, Key: key(pk) } });
      const answer = await world.client.send(
        new TransactGetItemsCommand({ TransactItems: [Get('r1'), Get('r2'), Get('r3')] }),
      );
      pairs.push(answer.Responses?.map(({ Item }) => Item?.['n']?.N) ?? []);
    };
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 3 === 0 ? transact([add('r1'), add('r2'), add('r3')]) : read(),
      ),
    );
    await read();
    expect(pairs.filter((values) => new Set(values).size !== 1)).toEqual([]);
    expect(pairs.at(-1)).toEqual(['20', '20', '20']);
  });
});
