/**
 * What the deployed functions that decide or draw have in common, from their parsed environment: the journal on DynamoDB, ids
 * from the system's randomness, the log and the metrics, and the watch over the clock, which each handler brings.
 */
import { randomBytes } from 'node:crypto';
import type { FunctionName } from '../config/env.ts';
import type { Clock, Ids, Journal, Telemetry } from '../ports.ts';
import { dynamoClient } from './aws-clients.ts';
import { watchClock } from './clock-watch.ts';
import { dynamoJournal } from './dynamo-journal.ts';
import { idsFrom } from './ids.ts';
import { measuredJournal } from './measured-journal.ts';
import { functionTelemetry, type Observe } from './telemetry.ts';

type Env = { HALLPASS_TENANT: string; JOURNAL_TABLE: string; STATE_TABLE: string };

export type Production = {
  tenant: string;
  journal: Journal;
  ids: Ids;
  clock: Clock;
  telemetry: Telemetry;
  /** Around every handler. */
  observe: Observe;
};

export function production(serviceName: FunctionName, env: Env, clock: Clock): Production {
  const tenant = env.HALLPASS_TENANT;
  const tables = { tenant, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
  const { telemetry, observe } = functionTelemetry(serviceName);
  const client = dynamoClient();
  watchClock(client, { clock, telemetry });
  const journal = measuredJournal(dynamoJournal({ client, tables }), telemetry);
  return { tenant, journal, clock, telemetry, observe, ids: idsFrom(randomBytes) };
}
