/** TransactWriteItems and TransactGetItems as the real SDK client sees them. */
import {
  ResourceNotFoundException,
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
  await world.createTable('others');
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
const reasonsOf = (error: Error) => {
  if (error instanceof TransactionCanceledException) return error.CancellationReasons ?? [];
  throw error;
};

describe('one transaction', () => {
  test('applies a put, an update, a check and a delete, over two tables, together', async () => {
    await transact([put('a1'), put('a2')]);
    await transact([
      put('a3', { n: N(1) }, isNew),
      add('a4', 2),
      check('a1', 'attribute_exists(pk)'),
      { Delete: { TableName: T, Key: key('a2') } },
      { Put: { TableName: 'others', Item: key('a5') } },
    ]);
    expect((await world.get(T, 'a3', '1'))?.['n']).toEqual(N(1));
    expect((await world.get(T, 'a4', '1'))?.['n']).toEqual(N(2));
    expect(await world.get(T, 'a1', '1')).toEqual(key('a1'));
    expect(await world.get(T, 'a2', '1')).toBeUndefined();
    expect(await world.get('others', 'a5', '1')).toBeDefined();
  });

  test('that fails changes nothing and gives its reasons in order, with the old items that were asked for', async () => {
    await transact([put('b1', { n: N(1) })]);
    const error = await errorOf(
      transact([
        put('b0'),
        put('b1', { n: N(9) }, { ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        add('b2'),
        check('b3', 'attribute_exists(pk)', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        { Delete: { TableName: T, Key: key('b1-other'), ...isNew } },
      ]),
    );
    const reasons = reasonsOf(error);
    expect(reasons.map(({ Code }) => Code)).toEqual([
      'None',
      'ConditionalCheckFailed',
      'None',
      'ConditionalCheckFailed',
      'None',
    ]);
    expect(reasons[1]?.Item).toEqual({ ...key('b1'), n: N(1) });
    expect(reasons[3]?.Item).toBeUndefined();
    expect(error.message).toContain(
      '[None, ConditionalCheckFailed, None, ConditionalCheckFailed, None]',
    );
    expect(await world.get(T, 'b0', '1')).toBeUndefined();
    expect((await world.get(T, 'b1', '1'))?.['n']).toEqual(N(1));
    expect(await world.get(T, 'b2', '1')).toBeUndefined();
  });

  test('judges a condition on aliased and reserved names against the state before it', async () => {
    await transact([put('c1', { status: S('open'), 'odd-name': N(3) })]);
    await transact([
      check('c1', '#s = :open AND #o > :two AND attribute_not_exists(#size)', {
        ExpressionAttributeNames: { '#s': 'status', '#o': 'odd-name', '#size': 'size' },
        ExpressionAttributeValues: { ':open': S('open'), ':two': N(2) },
      }),
      put('c2'),
    ]);
    expect(await world.get(T, 'c2', '1')).toBeDefined();
    expect(await world.get(T, 'c1', '1')).toEqual({
      ...key('c1'),
      status: S('open'),
      'odd-name': N(3),
    });
  });

  test('a condition check never creates or removes the item that it looks at', async () => {
    await transact([
      check('d-none', 'attribute_not_exists(pk)'),
      put('d1', { g: S('d'), h: S('1') }),
    ]);
    expect(await world.get(T, 'd-none', '1')).toBeUndefined();
    await transact([check('d1', 'attribute_exists(pk)'), put('d2')]);
    expect(await world.get(T, 'd1', '1')).toBeDefined();
    expect(await world.byG(T, 'd')).toEqual(['d1/1']);
  });

  test('an update that cannot be applied cancels it with a validation reason', async () => {
    await transact([put('e1', { n: S('text') })]);
    const reasons = reasonsOf(await errorOf(transact([put('e2'), add('e1')])));
    expect(reasons.map(({ Code }) => Code)).toEqual(['None', 'ValidationError']);
    expect(reasons[1]?.Message).toContain('incorrect data type');
    expect(await world.get(T, 'e2', '1')).toBeUndefined();
  });

  test('an unknown table refuses all of it', async () => {
    const error = await errorOf(
      transact([put('f1'), { Put: { TableName: 'nowhere', Item: key('f2') } }]),
    );
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(await world.get(T, 'f1', '1')).toBeUndefined();
  });

  test('tells twice the capacity of its operations, per table', async () => {
    const answer = await transact(
      [
        put('cap', { d: S('x'.repeat(1500)) }),
        check('cap2', 'attribute_not_exists(pk)'),
        { Put: { TableName: 'others', Item: key('cap') } },
      ],
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    expect(answer.ConsumedCapacity).toEqual([
      { TableName: T, CapacityUnits: 6, WriteCapacityUnits: 6 },
      { TableName: 'others', CapacityUnits: 2, WriteCapacityUnits: 2 },
    ]);
  });
});

describe('limits', () => {
  const refused = async (items: TransactWriteItem[], message: string) => {
    const error = await errorOf(transact(items));
    expect(error).toMatchObject({ name: 'ValidationException' });
    expect(error.message).toContain(message);
  };

  test('100 operations are applied, 101 and none are refused', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => put(`l${count}-${i}`));
    await transact(many(100));
    expect(await world.get(T, 'l100-99', '1')).toBeDefined();
    await refused(many(101), 'less than or equal to 100');
    expect(await world.get(T, 'l101-0', '1')).toBeUndefined();
    await refused([], 'greater than or equal to 1');
  });

  test('two operations on one item are refused, whatever their kinds and conditions', async () => {
    const message = 'multiple operations on one item';
    await refused([put('m1'), put('m1', { n: N(1) })], message);
    await refused([add('m1'), check('m1', 'attribute_not_exists(pk)')], message);
    await refused(
      [check('m1', 'attribute_exists(pk)'), { Delete: { TableName: T, Key: key('m1') } }],
      message,
    );
    expect(await world.get(T, 'm1', '1')).toBeUndefined();
  });

  test('more than 4 MB in all are refused', async () => {
    const large = Array.from({ length: 12 }, (_, i) => put(`n${i}`, { d: S('x'.repeat(380_000)) }));
    await refused(large, '4 MB');
    expect(await world.get(T, 'n0', '1')).toBeUndefined();
  });

  test('malformed members are refused before anything is applied', async () => {
    await refused([put('o1'), {}], 'one of Check, Put, Update or Delete');
    await refused([{ ...put('o1'), ...add('o2') }], 'one of Check, Put, Update or Delete');
    await refused([put('o1'), check('o2', 'status = :x')], 'Invalid ConditionExpression');
    await refused([put('o1'), check('o2', '')], 'can not be empty');
    await refused(
      [put('o1', {}, { ReturnValuesOnConditionCheckFailure: 'SOME' })],
      'ALL_OLD, NONE',
    );
    expect(await world.get(T, 'o1', '1')).toBeUndefined();
  });
});

describe('TransactGetItems', () => {
  const get = (pk: string, rest: object = {}) => ({ Get: { TableName: T, Key: key(pk), ...rest } });

  test('answers in the order of the request, with gaps and projections', async () => {
    await transact([put('g1', { n: N(1), m: N(2) })]);
    const answer = await world.client.send(
      new TransactGetItemsCommand({
        TransactItems: [get('g-none'), get('g1', { ProjectionExpression: 'n' })],
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(answer.Responses).toEqual([{}, { Item: { n: N(1) } }]);
    expect(answer.ConsumedCapacity).toMatchObject([{ TableName: T, CapacityUnits: 4 }]);
  });

  test('refuses the same item twice and a key that does not fit', async () => {
    const send = (TransactItems: ReturnType<typeof get>[]) =>
      errorOf(world.client.send(new TransactGetItemsCommand({ TransactItems })));
    expect((await send([get('g1'), get('g1')])).message).toContain('multiple operations');
    const misfit = { Get: { TableName: T, Key: { ...key('g1'), extra: S('x') } } };
    expect(reasonsOf(await send([get('g1'), misfit])).map(({ Code }) => Code)).toEqual([
      'None',
      'ValidationError',
    ]);
  });
});
