/**
 * Sealing: a function every five minutes that makes one checkpoint of the audit log. It reads markers and its own record, takes away
 * markers, signs, and puts objects that nobody can take away. It reads no event, no request and no secret. Two at once are
 * harmless: making the checkpoint's object is what counts, and a name can be made once.
 */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { LIMITS } from '../../shared/config/signals.ts';
import { HallpassFunction } from './hallpass-function.ts';
import { measured } from './observability-metrics.ts';
import { decidingEnvironment, type Parts } from './parts.ts';
import { allowSending, DeadLetters } from './work-queue.ts';

export function sealFunction(scope: Construct, parts: Parts): void {
  const { settings, alerts, tables, archive, exports } = parts;
  const deadLetters = new DeadLetters(scope, 'SealDeadLetters', {
    alerts,
    name: 'seal',
    consequence: 'a run of the sealer failed; the next one does what it left',
  });
  const { lambda, live } = new HallpassFunction(scope, 'Seal', {
    ...parts,
    code: 'seal',
    description: 'Every five minutes: a signed checkpoint over the audit log',
    // Shorter than the time between two runs, so that they meet only by accident.
    timeout: Duration.minutes(4),
    environment: {
      ...decidingEnvironment(parts),
      AUDIT_BUCKET: archive.bucket.bucketName,
      AUDIT_KEY_ID: archive.signingKey.keyArn,
      EXPORT_QUEUE_URL: exports.url,
    },
    reservedConcurrency: settings.sealConcurrency,
    deadLetters: deadLetters.queue,
  });
  // A failed run is not repeated: the next one does what it left.
  live.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
  new Rule(scope, 'EveryFifthMinute', {
    description: 'Starts the sealer',
    schedule: Schedule.rate(Duration.minutes(5)),
    targets: [
      new LambdaFunction(live, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(5),
        deadLetterQueue: deadLetters.queue,
      }),
    ],
  });
  tables.seal(lambda, settings.tenant);
  archive.allowSealing(lambda);
  allowSending(lambda, exports.queue);
  alerts.alarm(scope, {
    name: 'seal-heartbeat',
    what: `No checkpoint of the audit log for ${LIMITS.minutesWithoutCheckpoint} minutes: what is changed in the tables since would go unproven.`,
    metric: measured(scope, { name: 'Checkpoints', statistic: 'Sum' }),
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    inARow: LIMITS.minutesWithoutCheckpoint,
    whenMissing: TreatMissingData.BREACHING,
  });
}
