/** The journal as the deployed functions have it: on DynamoDB, measured. Slack loads it with its first use (later.ts). */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Journal, Telemetry } from '../ports.ts';
import { dynamoJournal } from './dynamo-journal.ts';
import type { Tables } from './journal-items.ts';
import { measuredJournal } from './measured-journal.ts';

export type Store = { readonly client: DynamoDBClient; readonly tables: Tables };

export const productionJournal = (store: Store, telemetry: Telemetry): Journal =>
  measuredJournal(dynamoJournal(store), telemetry);
