/**
 * What the deployed functions that decide or draw have in common, from their parsed environment: what the journal is made of,
 * ids from the system's randomness, the log and the metrics, and the watch over the clock, which each handler brings. It must
 * not import the journal itself, which slack loads later.
 */
import { randomBytes } from 'node:crypto';
import type { FunctionName } from '../config/env.ts';
import type { Clock, Ids, Telemetry } from '../ports.ts';
import { dynamoClient } from './aws-clients.ts';
import { watchClock } from './clock-watch.ts';
import { idsFrom } from './ids.ts';
import type { Store } from './production-journal.ts';
import { functionTelemetry, type Observe } from './telemetry.ts';

export type Env = { HALLPASS_TENANT: string; JOURNAL_TABLE: string; STATE_TABLE: string };

/** Everything but the journal, and what that is made of. */
export type Foundation = {
  tenant: string;
  ids: Ids;
  clock: Clock;
  telemetry: Telemetry;
  /** Around every handler. */
  observe: Observe;
  store: Store;
};

export function foundation(serviceName: FunctionName, env: Env, clock: Clock): Foundation {
  const tenant = env.HALLPASS_TENANT;
  const tables = { tenant, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
  const { telemetry, observe } = functionTelemetry(serviceName);
  const client = dynamoClient();
  watchClock(client, { clock, telemetry });
  const ids = idsFrom(randomBytes);
  return { tenant, clock, telemetry, observe, ids, store: { client, tables } };
}
