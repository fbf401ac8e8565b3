/** Composition root of seal: markers of the state table, the audit bucket, and the key that signs. */
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { watchClock } from '../../shared/adapters/clock-watch.ts';
import { codeHash } from '../../shared/adapters/code-hash.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { dynamoMarkers } from '../../shared/adapters/dynamo-markers.ts';
import { kmsSigner } from '../../shared/adapters/kms-signer.ts';
import { s3Archive } from '../../shared/adapters/s3-archive.ts';
import { queuesAt } from '../../shared/adapters/sqs-queues.ts';
import { functionTelemetry } from '../../shared/adapters/telemetry.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { sealFunction } from './seal-function.ts';

const env = parseEnv(environments.seal, process.env);
const clock = { now: () => new Date() };
const { telemetry, observe } = functionTelemetry('seal');
const client = dynamoClient();
watchClock(client, { clock, telemetry });
const tenant = env.HALLPASS_TENANT;
const tables = { tenant, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };

export const handler = observe(
  sealFunction({
    journal: dynamoJournal({ client, tables }),
    markers: dynamoMarkers(client, tables),
    archive: s3Archive(env.AUDIT_BUCKET),
    signer: kmsSigner(env.AUDIT_KEY_ID),
    queues: queuesAt({ export: env.EXPORT_QUEUE_URL }),
    code: codeHash(import.meta.url),
    ...{ clock, telemetry, tenant, table: tables.journal },
  }),
);
