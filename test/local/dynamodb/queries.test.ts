/** Queries, scans and batches in the embedded DynamoDB, judged by the real SDK client. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { errorOf, openWorld, S, type World } from './embedded-world.ts';

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
