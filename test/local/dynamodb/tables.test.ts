/** Tables, and the wire below the SDK. */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  TagResourceCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { errorOf, openWorld, S, threeKeyTable, type World } from './embedded-world.ts';

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
});
