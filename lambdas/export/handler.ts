/** Composition root of export: rows of the journal, the audit bucket, and the bus where one was named. */
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { dynamoSealedRows } from '../../shared/adapters/dynamo-sealed-rows.ts';
import { eventBus } from '../../shared/adapters/event-bus.ts';
import { s3Archive } from '../../shared/adapters/s3-archive.ts';
import { sqsFunction } from '../../shared/adapters/sqs-batch.ts';
import { functionTelemetry } from '../../shared/adapters/telemetry.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { exportMessage } from './export-function.ts';

const env = parseEnv(environments.export, process.env);
const { telemetry, observe } = functionTelemetry('export');
const client = dynamoClient();
// Export reads requests and events only; they live in the journal table.
const tables = {
  tenant: env.HALLPASS_TENANT,
  journal: env.JOURNAL_TABLE,
  state: env.JOURNAL_TABLE,
};
const archive = s3Archive(env.AUDIT_BUCKET);

export const handler = observe(
  sqsFunction(
    exportMessage({
      archive,
      exports: archive,
      rows: dynamoSealedRows(client, tables),
      journal: dynamoJournal({ client, tables }),
      bus: env.EXPORT_BUS_ARN === undefined ? null : eventBus(env.EXPORT_BUS_ARN),
      format: env.EXPORT_FORMAT,
      telemetry,
    }),
  ),
);
