/**
 * The daily digest: a function every five minutes that makes what is due and asks announce to post it. It reads the journal, may
 * put digests and nothing else, and holds no secret.
 */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { HallpassFunction } from './hallpass-function.ts';
import { decidingEnvironment, type Parts } from './parts.ts';
import { allowSending, DeadLetters } from './work-queue.ts';

export function digestFunction(scope: Construct, parts: Parts): void {
  const { settings, alerts, tables, announcements } = parts;
  const deadLetters = new DeadLetters(scope, 'DigestDeadLetters', {
    alerts,
    name: 'digest',
    consequence: 'a digest was not made on time; the next run of the same day makes it',
  });
  const { lambda, live } = new HallpassFunction(scope, 'Digest', {
    ...parts,
    code: 'digest',
    description: 'Every five minutes: makes the day’s digests that are due',
    // A million events take minutes; a run that takes longer than five meets the next one, and one of both counts.
    timeout: Duration.minutes(14),
    environment: { ...decidingEnvironment(parts), ANNOUNCE_QUEUE_URL: announcements.url },
    deadLetters: deadLetters.queue,
  });
  // A failed run is not repeated: the next one does what it left.
  live.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
  new Rule(scope, 'EveryFiveMinutes', {
    description: 'Starts the digest',
    schedule: Schedule.rate(Duration.minutes(5)),
    targets: [
      new LambdaFunction(live, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(5),
        deadLetterQueue: deadLetters.queue,
      }),
    ],
  });
  tables.readHistory(lambda);
  tables.queryJournalBy(lambda, ['day', 'due']);
  tables.queryStateBy(lambda, ['due']);
  tables.keepDigests(lambda, settings.tenant);
  allowSending(lambda, announcements.queue);
}
