/**
 * Continuous export: what a checkpoint sealed goes to files by day in the audit bucket and, where one is named, to an EventBridge bus. A
 * queue of its own brings the work; its function reads events, checkpoints and requests, puts files that nobody can take away,
 * and reaches no state, no secret and nothing else.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { HallpassFunction } from './hallpass-function.ts';
import type { Parts } from './parts.ts';
import { givenOr } from './settings.ts';
import { WorkQueue } from './work-queue.ts';

/** A checkpoint of twenty thousand events, or a day of owed ones. */
const LONGEST = Duration.minutes(5);

export const exportQueue = (scope: Construct, { alerts }: Pick<Parts, 'alerts'>): WorkQueue =>
  new WorkQueue(scope, 'Exports', {
    alerts,
    name: 'export',
    consequence: 'sealed events reached neither the files nor the bus; a later run makes it good',
    consumerTimeout: LONGEST,
  });

export function exportFunction(scope: Construct, parts: Parts): void {
  const { settings, tables, archive, exports } = parts;
  const { lambda, live } = new HallpassFunction(scope, 'Export', {
    ...parts,
    code: 'export',
    description: 'What a checkpoint sealed, to files by day and to a bus',
    timeout: exports.consumerTimeout,
    environment: {
      HALLPASS_TENANT: settings.tenant,
      JOURNAL_TABLE: tables.journal.tableName,
      AUDIT_BUCKET: archive.bucket.bucketName,
      EXPORT_FORMAT: settings.exportFormat,
      EXPORT_BUS_ARN: settings.exportBusArn,
    },
  });
  live.addEventSource(
    new SqsEventSource(exports.queue, {
      batchSize: 1,
      // The smallest there is.
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    }),
  );
  tables.readHistory(lambda);
  archive.allowExporting(lambda);
  // Where none is named, the right is to one that nobody has.
  const none = Stack.of(scope).formatArn({
    service: 'events',
    resource: 'event-bus',
    resourceName: 'hallpass-exports-to-none',
  });
  const bus = givenOr(scope, 'ExportBusIsGiven', { given: settings.exportBusArn, other: none });
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus] }),
  );
}
