/** Composition root of route: environment -> clients -> adapters -> handler. */
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { parseEventKey } from '../../shared/adapters/journal-keys.ts';
import { queuesAt } from '../../shared/adapters/sqs-queues.ts';
import { functionTelemetry } from '../../shared/adapters/telemetry.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { routeFunction } from './route-function.ts';

const env = parseEnv(environments.route, process.env);
const tenant = env.HALLPASS_TENANT;
const { telemetry, observe } = functionTelemetry('route');

export const handler = observe(
  routeFunction({
    journal: dynamoJournal({
      client: dynamoClient(),
      // Route reads requests only; they live in the journal table.
      tables: { tenant, journal: env.JOURNAL_TABLE, state: env.JOURNAL_TABLE },
    }),
    queues: queuesAt({
      grants: env.GRANTS_QUEUE_URL,
      removals: env.REMOVALS_QUEUE_URL,
      announce: env.ANNOUNCE_QUEUE_URL,
    }),
    telemetry,
    readEventKey: (key) => parseEventKey(tenant, key),
  }),
);
