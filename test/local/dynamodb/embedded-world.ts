/** One embedded DynamoDB with a real SDK client and a clock of its own; shared by the tests of this folder. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type EmbeddedDynamoOptions,
  startEmbeddedDynamo,
} from '../../../local/dynamodb/start-embedded-dynamo.ts';

export const S = (value: string) => ({ S: value });
export const N = (value: number) => ({ N: String(value) });

/** pk, sk, one index over g (hash) and h (range). */
export const threeKeyTable = (name: string, streams = false) =>
  ({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'g', 'h'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S' as const,
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byG',
        KeySchema: [
          { AttributeName: 'g', KeyType: 'HASH' },
          { AttributeName: 'h', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    ...(streams
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const } }
      : {}),
  }) satisfies CreateTableCommandInput;

export async function openWorld(options: Partial<EmbeddedDynamoOptions> = {}) {
  const clock = { now: new Date('2026-11-22T10:00:00Z') };
  const problems: unknown[] = [];
  const dynamo = await startEmbeddedDynamo({
    dataDir: null,
    now: () => clock.now,
    onProblem: (_message, cause) => problems.push(cause),
    ...options,
  });
  const client = new DynamoDBClient({
    endpoint: dynamo.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    dynamo,
    client,
    clock,
    problems,
    createTable: (name: string, streams = false) =>
      client.send(new CreateTableCommand(threeKeyTable(name, streams))),
    async get(table: string, pk: string, sk: string) {
      const Key = { pk: S(pk), sk: S(sk) };
      return (await client.send(new GetItemCommand({ TableName: table, Key }))).Item;
    },
    /** What the index shows for one hash key: `pk/sk` in the order of the range key. */
    async byG(table: string, g: string) {
      const answer = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byG',
          KeyConditionExpression: 'g = :g',
          ExpressionAttributeValues: { ':g': S(g) },
        }),
      );
      return answer.Items?.map(({ pk, sk }) => `${pk?.S}/${sk?.S}`) ?? [];
    },
    async count(table: string) {
      return (await client.send(new ScanCommand({ TableName: table, Select: 'COUNT' }))).Count;
    },
    async close() {
      client.destroy();
      await dynamo.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The error that the SDK throws, for a look at its members. */
export async function errorOf(work: Promise<unknown>): Promise<Error> {
  const result = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (result instanceof Error) return result;
  throw new Error('The call was expected to fail, and did not');
}
