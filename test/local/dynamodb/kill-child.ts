/**
 * The process that kill.test.ts kills. Told the counter to go on from, it opens the database in the given folder and
 * runs transactions over five items until it dies, by the test's hand or, when a step is named, by its own at that step
 * of its third transaction. It prints one line for each answered transaction and for each change that it was told.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { startEmbeddedDynamo } from '../../../local/dynamodb/start-embedded-dynamo.ts';

const [dataDir = '', killAt = ''] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

const first = await new Promise<string>((resolve) => {
  createInterface({ input: process.stdin }).once('line', resolve);
});

let begun = 0;
const dynamo = await startEmbeddedDynamo({
  dataDir,
  now: () => new Date(),
  onProblem: () => {},
  onStep: (step) => {
    if (step === 'TransactWriteItems begins') begun += 1;
    if (begun === 3 && step === killAt) process.kill(process.pid, 'SIGKILL');
  },
});
let deliveries = 0;
dynamo.changes.subscribe('journal', async (batch) => {
  deliveries += 1;
  if (deliveries % 4 === 0) throw new Error('every fourth delivery fails');
  for (const { keys } of batch) {
    say(`told ${Object.values(keys['sk'] ?? {})[0]}`);
  }
});
const client = new DynamoDBClient({
  endpoint: dynamo.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

const S = (value: string) => ({ S: value });
const counter = (sk: string, from: number) => ({
  Update: {
    TableName: 'journal',
    Key: { pk: S('AR'), sk: S(sk) },
    UpdateExpression: 'SET n = :next, g = :g, h = :h',
    ConditionExpression: 'n = :now',
    ExpressionAttributeValues: {
      ':now': { N: String(from) },
      ':next': { N: String(from + 1) },
      ':g': S((from + 1) % 2 === 0 ? 'even' : 'odd'),
      ':h': S(sk),
    },
  },
});
for (let n = Number(first); ; n += 1) {
  const event = { pk: S('AR'), sk: S(`event-${n + 1}`) };
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        ...['1', '2', '3', '4', '5'].map((sk) => counter(sk, n)),
        {
          Put: {
            TableName: 'journal',
            Item: event,
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ],
    }),
  );
  say(`answered ${n + 1}`);
}
