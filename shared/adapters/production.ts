/**
 * What the deployed functions that decide or draw have in common, from their parsed environment: the journal on DynamoDB, ids
 * from the system's randomness, the log. The clock stays with each handler.
 */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { FunctionName } from '../config/env.ts';
import type { Ids, Journal, Telemetry } from '../ports.ts';
import { dynamoClient } from './aws-clients.ts';
import { dynamoJournal } from './dynamo-journal.ts';
import { idsFrom } from './ids.ts';
import { loggerTelemetry } from './telemetry.ts';

type Env = { HALLPASS_TENANT: string; JOURNAL_TABLE: string; STATE_TABLE: string };

export type Production = { tenant: string; journal: Journal; ids: Ids; telemetry: Telemetry };

export function production(serviceName: FunctionName, env: Env): Production {
  const tenant = env.HALLPASS_TENANT;
  const tables = { tenant, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
  return {
    tenant,
    journal: dynamoJournal({ client: dynamoClient(), tables }),
    ids: idsFrom(randomBytes),
    telemetry: loggerTelemetry(new Logger({ serviceName })),
  };
}
