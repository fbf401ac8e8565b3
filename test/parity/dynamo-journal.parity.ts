/**
 * The journal's contract, unchanged, against DynamoDB Local: what Amazon's own code refuses or answers otherwise than the embedded
 * store is a fault of ours.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../local/create-tables.ts';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { journalContract } from '../contracts/journal.contract.ts';
import { type DynamodbLocal, startDynamodbLocal } from './dynamodb-local.ts';

const folder = process.env['DYNAMODB_LOCAL'];

let local: DynamodbLocal;
let client: DynamoDBClient;
let made = 0;
beforeAll(async () => {
  if (folder === undefined) throw new Error('Run it by: npm run test:parity');
  local = await startDynamodbLocal(folder);
  client = dynamoClient({
    endpoint: local.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  client?.destroy();
  await local?.close();
});

journalContract('The journal on DynamoDB Local', async () => {
  made += 1;
  const names = { journal: `journal-${made}`, state: `state-${made}` };
  await createTables(client, names);
  return dynamoJournal({ client, tables: { tenant: 'acme', ...names } });
});
