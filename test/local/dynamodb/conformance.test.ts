/** The embedded DynamoDB judged by the real SDK client: items, queries, batches and tables. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  TagResourceCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { errorOf, N, openWorld, S, threeKeyTable, type World } from './embedded-world.ts';

const T = 'things';
let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.createTable(T);
});
afterAll(() => world.close());

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

describe('queries, scans and batches', () => {
  const batch = (items: object[]) =>
    world.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [T]: items.map((Item) => ({ PutRequest: { Item: { ...Item } } })) },
      }),
    );

  test('a batch of 25 is written and read, 26 are refused and not written', async () => {
    const items = (pk: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ pk: S(pk), sk: S(String(i).padStart(3, '0')) }));
    expect((await batch(items('b', 25))).UnprocessedItems).toEqual({});
    expect(await errorOf(batch(items('b26', 26)))).toMatchObject({ name: 'ValidationException' });
    expect(await world.get(T, 'b26', '000')).toBeUndefined();
    const read = await world.client.send(
      new BatchGetItemCommand({ RequestItems: { [T]: { Keys: items('b', 20) } } }),
    );
    expect(read.Responses?.[T]).toHaveLength(20);
  });

  test('a query pages through 25 items, newest first, with a filter', async () => {
    await batch(
      Array.from({ length: 25 }, (_, i) => ({
        pk: S('page'),
        sk: S(`0${String(i).padStart(2, '0')}`),
        odd: { BOOL: i % 2 === 1 },
      })),
    );
    const seen: string[] = [];
    let pages = 0;
    let start: Record<string, { S: string }> | undefined;
    do {
      const answer = await world.client.send(
        new QueryCommand({
          TableName: T,
          KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
          FilterExpression: 'odd = :yes',
          ExpressionAttributeValues: { ':p': S('page'), ':s': S('0'), ':yes': { BOOL: true } },
          Limit: 10,
          ScanIndexForward: false,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      );
      seen.push(...(answer.Items ?? []).map(({ sk }) => sk?.S ?? ''));
      const last = answer.LastEvaluatedKey;
      start = last && { pk: S(last['pk']?.S ?? ''), sk: S(last['sk']?.S ?? '') };
      pages += 1;
    } while (start);
    expect(seen).toEqual([...seen].sort().reverse());
    expect([seen.length, pages]).toEqual([12, 3]);
  });

  test('a page ends at 1 MB', async () => {
    for (let i = 0; i < 8; i += 1) await put('mb', String(i), { d: S('x'.repeat(200_000)) });
    const answer = await world.client.send(
      new QueryCommand({
        TableName: T,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('mb') },
      }),
    );
    expect(answer.LastEvaluatedKey).toBeDefined();
    expect(answer.Count).toBeLessThan(8);
  });

  test('an index is queried in the order of its range key, and not consistently', async () => {
    await put('ix', '1', { g: S('green'), h: S('2') });
    await put('ix', '2', { g: S('green'), h: S('1') });
    await put('ix', '3', { g: S('green') });
    expect(await world.byG(T, 'green')).toEqual(['ix/2', 'ix/1']);
    const consistent = world.client.send(
      new QueryCommand({
        TableName: T,
        IndexName: 'byG',
        ConsistentRead: true,
        KeyConditionExpression: 'g = :g',
        ExpressionAttributeValues: { ':g': S('green') },
      }),
    );
    expect(await errorOf(consistent)).toMatchObject({ name: 'ValidationException' });
  });

  test('the segments of a parallel scan cover every item once', async () => {
    const scan = async (segment?: { Segment: number; TotalSegments: number }) => {
      const found: string[] = [];
      let start: ScanCommand['input']['ExclusiveStartKey'];
      do {
        const answer: Awaited<ReturnType<typeof page>> = await page(segment, start);
        found.push(...(answer.Items ?? []).map(({ pk, sk }) => `${pk?.S}/${sk?.S}`));
        start = answer.LastEvaluatedKey;
      } while (start);
      return found;
    };
    const page = (segment: object | undefined, start: ScanCommand['input']['ExclusiveStartKey']) =>
      world.client.send(
        new ScanCommand({
          TableName: T,
          ProjectionExpression: 'pk, sk',
          ...segment,
          ...(start ? { ExclusiveStartKey: start } : {}),
        }),
      );
    const whole = await scan();
    const parts = await Promise.all(
      [0, 1, 2].map((Segment) => scan({ Segment, TotalSegments: 3 })),
    );
    expect(parts.flat().sort()).toEqual(whole.sort());
    expect(new Set(whole).size).toBe(whole.length);
  });

  test('the capacity that a request consumed is told when asked', async () => {
    const answer = await world.client.send(
      new PutItemCommand({
        TableName: T,
        Item: { pk: S('cap'), sk: S('1'), d: S('x'.repeat(2500)) },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(answer.ConsumedCapacity).toMatchObject({ TableName: T, CapacityUnits: 3 });
  });
});

describe('tables', () => {
  test('a table is usable as soon as its creation is answered, and tells its stream', async () => {
    const created = await world.client.send(new CreateTableCommand(threeKeyTable('soon', true)));
    expect(created.TableDescription?.TableStatus).toBe('CREATING');
    expect(created.TableDescription?.LatestStreamArn).toContain('table/soon/stream/');
    await waitUntilTableExists(
      { client: world.client, minDelay: 1, maxWaitTime: 5 },
      { TableName: 'soon' },
    );
    const { Table } = await world.client.send(new DescribeTableCommand({ TableName: 'soon' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE' }],
    });
  });

  test('a table that exists cannot be created again, and keeps its items', async () => {
    await put('keep', '1');
    expect(await errorOf(world.createTable(T))).toBeInstanceOf(ResourceInUseException);
    expect(await world.get(T, 'keep', '1')).toBeDefined();
  });

  test('a deleted table is gone with its items and its index', async () => {
    await world.createTable('brief');
    const Item = { pk: S('a'), sk: S('1'), g: S('g'), h: S('h') };
    await world.client.send(new PutItemCommand({ TableName: 'brief', Item }));
    await world.client.send(new DeleteTableCommand({ TableName: 'brief' }));
    expect(await errorOf(world.get('brief', 'a', '1'))).toBeInstanceOf(ResourceNotFoundException);
    const { TableNames } = await world.client.send(new ListTablesCommand({}));
    expect(TableNames).not.toContain('brief');
    await world.createTable('brief');
    expect(await world.count('brief')).toBe(0);
    expect(await world.byG('brief', 'g')).toEqual([]);
  });

  test('tags are kept', async () => {
    const { Table } = await world.client.send(new DescribeTableCommand({ TableName: T }));
    const ResourceArn = Table?.TableArn;
    await world.client.send(
      new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'team', Value: 'blue' }] }),
    );
    const { Tags } = await world.client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'blue' }]);
  });

  test('what it cannot do it refuses instead of ignoring it', async () => {
    const images = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const };
    const create = new CreateTableCommand({
      ...threeKeyTable('images'),
      StreamSpecification: images,
    });
    expect((await errorOf(world.client.send(create))).message).toContain('KEYS_ONLY');
    const dropIndex = new UpdateTableCommand({
      TableName: T,
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byG' } }],
    });
    expect((await errorOf(world.client.send(dropIndex))).message).toContain('CreateTable only');
  });
});

describe('the wire', () => {
  const post = (headers: Record<string, string>, body: string) =>
    fetch(world.dynamo.url, { method: 'POST', headers, body });
  const authorization = 'AWS4-HMAC-SHA256 Credential=x';

  test('an unsigned request, an unknown operation and a broken body get DynamoDB errors, not a hang', async () => {
    const target = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
    const unsigned = await post(target, '{}');
    const unknown = await post(
      { authorization, 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement' },
      '{}',
    );
    const broken = await post({ authorization, ...target }, '{"Limit":');
    const array = await post({ authorization, ...target }, '[]');
    const types = await Promise.all(
      [unsigned, unknown, broken, array].map(async (answer) => [
        answer.status,
        (await answer.text()).match(/#(\w+)/)?.[1],
      ]),
    );
    expect(types).toEqual([
      [400, 'MissingAuthenticationTokenException'],
      [400, 'UnknownOperationException'],
      [400, 'SerializationException'],
      [400, 'SerializationException'],
    ]);
  });

  test('it listens on the loopback address only', () => {
    expect(world.dynamo.url).toBe(`http://127.0.0.1:${world.dynamo.port}`);
  });

  test('no request of these tests met a defect', () => {
    expect(world.problems).toEqual([]);
  });
});
