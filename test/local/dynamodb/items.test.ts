/** Single items in the embedded DynamoDB, judged by the real SDK client. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
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

const put = (pk: string, sk: string, more: object = {}) =>
  world.client.send(new PutItemCommand({ TableName: T, Item: { pk: S(pk), sk: S(sk), ...more } }));
const update = (pk: string, rest: Partial<UpdateItemCommandInput>) =>
  world.client.send(
    new UpdateItemCommand({
      TableName: T,
      Key: { pk: S(pk), sk: S('1') },
      ReturnValues: 'ALL_NEW',
      ...rest,
    }),
  );

describe('items', () => {
  test('an item that was put is read back, projected and consistent', async () => {
    await put('get', '1', { n: N(1), text: S('täxt "quoted" \u202e\n') });
    const answer = await world.client.send(
      new GetItemCommand({
        TableName: T,
        Key: { pk: S('get'), sk: S('1') },
        ConsistentRead: true,
        ProjectionExpression: '#n, #t',
        ExpressionAttributeNames: { '#n': 'n', '#t': 'text' },
      }),
    );
    expect(answer.Item).toEqual({ n: N(1), text: S('täxt "quoted" \u202e\n') });
  });

  test('a put whose condition fails changes nothing and returns the old item when asked', async () => {
    await put('cond', '1', { n: N(1) });
    const failed = await errorOf(
      world.client.send(
        new PutItemCommand({
          TableName: T,
          Item: { pk: S('cond'), sk: S('1'), n: N(2) },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    expect(failed).toBeInstanceOf(ConditionalCheckFailedException);
    expect(failed).toMatchObject({ Item: { pk: S('cond'), sk: S('1'), n: N(1) } });
    expect((await world.get(T, 'cond', '1'))?.['n']).toEqual(N(1));
  });

  test('a failed condition shows no item unless it is asked for, nor when there is none', async () => {
    const check = (pk: string, ask: 'ALL_OLD' | 'NONE') =>
      errorOf(
        update(pk, {
          UpdateExpression: 'SET x = :x',
          ConditionExpression: 'x = :x',
          ExpressionAttributeValues: { ':x': S('x') },
          ReturnValuesOnConditionCheckFailure: ask,
        }),
      );
    await put('quiet', '1');
    expect(await check('quiet', 'NONE')).not.toHaveProperty('Item', expect.anything());
    expect(await check('never-there', 'ALL_OLD')).not.toHaveProperty('Item', expect.anything());
  });

  test('ADD, SET with if_not_exists, list_append, nested paths, sets and REMOVE work in updates', async () => {
    await update('upd', {
      UpdateExpression: 'ADD n :i, ss :s SET l = :l, m = :m, x = if_not_exists(x, :x)',
      ExpressionAttributeValues: {
        ':i': N(5),
        ':s': { SS: ['a', 'b'] },
        ':l': { L: [N(1)] },
        ':m': { M: { k: S('v') } },
        ':x': S('first'),
      },
    });
    const answer = await update('upd', {
      UpdateExpression:
        'ADD n :i DELETE ss :s SET l = list_append(l, :l), m.k2 = :w, x = if_not_exists(x, :w) REMOVE m.k',
      ExpressionAttributeValues: {
        ':i': N(-2),
        ':s': { SS: ['a'] },
        ':l': { L: [N(2)] },
        ':w': S('w'),
      },
    });
    expect(answer.Attributes).toMatchObject({
      n: N(3),
      ss: { SS: ['b'] },
      l: { L: [N(1), N(2)] },
      m: { M: { k2: S('w') } },
      x: S('first'),
    });
  });

  test('conditions know begins_with, contains, size, attribute_type, IN, BETWEEN and aliased reserved words', async () => {
    await put('fn', '1', { n: N(6), x: S('z'), name: S('group') });
    const answer = await update('fn', {
      UpdateExpression: 'SET #status = :done',
      ConditionExpression:
        'begins_with(#name, :g) AND contains(x, :z) AND size(x) = :one AND attribute_type(n, :tn) AND n IN (:six, :seven) AND n BETWEEN :one AND :seven',
      ExpressionAttributeNames: { '#name': 'name', '#status': 'status' },
      ExpressionAttributeValues: {
        ':done': S('done'),
        ':g': S('gr'),
        ':z': S('z'),
        ':one': N(1),
        ':tn': S('N'),
        ':six': N(6),
        ':seven': N(7),
      },
    });
    expect(answer.Attributes?.['status']).toEqual(S('done'));
  });

  test('a reserved word without an alias is refused', async () => {
    const refused = await errorOf(
      update('fn', {
        UpdateExpression: 'SET status = :s',
        ExpressionAttributeValues: { ':s': S('') },
      }),
    );
    expect(refused).toMatchObject({ name: 'ValidationException' });
    expect(refused.message).toContain('reserved keyword');
  });

  test('an item over 400 KB, an unknown ReturnValuesOnConditionCheckFailure and an unknown table are refused', async () => {
    const tooBig = await errorOf(put('big', '1', { d: S('x'.repeat(410_000)) }));
    expect(tooBig).toMatchObject({ name: 'ValidationException' });
    const missing = world.client.send(
      new GetItemCommand({ TableName: 'nowhere', Key: { pk: S('a'), sk: S('b') } }),
    );
    expect(await errorOf(missing)).toBeInstanceOf(ResourceNotFoundException);
    expect(await world.get(T, 'big', '1')).toBeUndefined();
  });

  test('a delete answers the old item, and deleting nothing is no error', async () => {
    await put('del', '1', { n: N(7) });
    const command = new DeleteItemCommand({
      TableName: T,
      Key: { pk: S('del'), sk: S('1') },
      ReturnValues: 'ALL_OLD',
    });
    expect((await world.client.send(command)).Attributes?.['n']).toEqual(N(7));
    expect((await world.client.send(command)).Attributes).toBeUndefined();
  });

  test('concurrent increments are all counted', async () => {
    const add = { UpdateExpression: 'ADD n :i', ExpressionAttributeValues: { ':i': N(1) } };
    await Promise.all(Array.from({ length: 40 }, () => update('race', add)));
    expect((await world.get(T, 'race', '1'))?.['n']).toEqual(N(40));
  });
});
