/**
 * The functions that work through queues, the stream and the clock. `ensure` alone reaches providers, `announce` alone writes
 * to Slack from a queue, `route` holds no secret. Removals run beside grants, never behind them: own queue, own concurrency.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { ALARM_PERIOD } from './alerts.ts';
import { HallpassFunction } from './hallpass-function.ts';
import { decidingEnvironment, type Parts, POLICY_ENVIRONMENT, queueEnvironment } from './parts.ts';
import { allowSending, DeadLetters, type WorkQueue } from './work-queue.ts';

export function routeFunction(scope: Construct, parts: Parts): void {
  const { settings, alerts, tables } = parts;
  const { lambda, live } = new HallpassFunction(scope, 'Route', {
    ...parts,
    code: 'route',
    description: 'Journal stream to the queues; rings when an audit row was modified or removed',
    timeout: Duration.seconds(30),
    environment: {
      HALLPASS_TENANT: settings.tenant,
      JOURNAL_TABLE: tables.journal.tableName,
      ...queueEnvironment(parts),
    },
  });
  const deadLetters = new DeadLetters(scope, 'RouteDeadLetters', {
    alerts,
    name: 'route',
    consequence: 'changes of the journal reached no queue; the sweep brings due work back',
    source: 'of the stream, whose mapping names it',
  });
  new EventSourceMapping(scope, 'JournalStream', {
    target: live,
    eventSourceArn: tables.journalStreamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: 10,
    onFailure: new SqsDlq(deadLetters.queue),
  });
  tables.readJournalStream(lambda);
  tables.readRequests(lambda);
  allowSending(lambda, parts.grants.queue, parts.removals.queue, parts.announcements.queue);
}

/** Deployed twice from one code, so that no number of grants can keep a removal waiting. */
export function ensureFunctions(scope: Construct, parts: Parts): void {
  ensureFunction(scope, parts, {
    id: 'EnsureGrants',
    name: 'ensure-grants',
    queue: parts.grants,
    concurrency: CONCURRENCY.grants,
  });
  ensureFunction(scope, parts, {
    id: 'EnsureRemovals',
    name: 'ensure-removals',
    queue: parts.removals,
    concurrency: CONCURRENCY.removals,
    reservedConcurrency: parts.settings.removalsConcurrency,
  });
}

/**
 * At once. What waits behind grants and announcements may wait; what waits behind removals is somebody's access. Together the first two
 * leave a part even of an account of the smallest limit, which is 10.
 */
const CONCURRENCY = { grants: 4, removals: 10, announce: 3 } as const;

type EnsureDeployment = {
  readonly id: string;
  readonly name: string;
  readonly queue: WorkQueue;
  readonly concurrency: number;
  readonly reservedConcurrency?: number;
};

function ensureFunction(scope: Construct, parts: Parts, deployment: EnsureDeployment): void {
  const { settings, tables, ends, credentials, grants, removals } = parts;
  const { id, queue, concurrency, ...named } = deployment;
  const { lambda, live } = new HallpassFunction(scope, id, {
    ...parts,
    ...named,
    code: 'ensure',
    description: `Drives holdings at the providers to what they should be (${deployment.name})`,
    timeout: queue.consumerTimeout,
    environment: {
      ...decidingEnvironment(parts),
      SLACK_TEAM_ID: settings.slackTeamId,
      GRANTS_QUEUE_URL: grants.url,
      REMOVALS_QUEUE_URL: removals.url,
      REMOVALS_QUEUE_ARN: removals.queue.queueArn,
      SCHEDULER_GROUP: ends.group.scheduleGroupName,
      SCHEDULER_ROLE_ARN: ends.role.roleArn,
      SCHEDULER_DEAD_LETTERS_ARN: ends.deadLetters.queue.queueArn,
      GITHUB_SECRET_ID: credentials.github.secretArn,
      GITHUB_API_URL: settings.githubApiUrl,
      GITHUB_APP_KEY_ID: settings.githubAppKeyId,
      GITLAB_SECRET_ID: credentials.gitlab.secretArn,
      GITLAB_API_URL: settings.gitlabApiUrl,
    },
  });
  // One holding a time: each is a row of calls to a provider, and one that fails must not bring the others back.
  live.addEventSource(
    new SqsEventSource(queue.queue, {
      batchSize: 1,
      maxConcurrency: concurrency,
      reportBatchItemFailures: true,
    }),
  );
  tables.decide(lambda);
  // A look for drift goes from a container to its holdings; before it has anybody taken out, to all that something is due on.
  tables.queryJournalBy(lambda, ['container', 'due']);
  tables.queryStateBy(lambda, ['due']);
  ends.allowManaging(lambda);
  allowSending(lambda, grants.queue, removals.queue);
  credentials.allowReading(lambda, credentials.github);
  credentials.allowReading(lambda, credentials.gitlab);
  allowSigningAsApp(lambda, settings.githubAppKeyId);
}

/** With the GitHub App's key where it stays in KMS. Without one the resource is no key at all. */
function allowSigningAsApp(lambda: IFunction, keyId: string): void {
  const key = Stack.of(lambda).formatArn({ service: 'kms', resource: 'key', resourceName: keyId });
  const conditions = { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } };
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['kms:Sign'], resources: [key], conditions }),
  );
}

export function announceFunction(scope: Construct, parts: Parts): void {
  const { settings, tables, credentials, announcements } = parts;
  const { lambda, live } = new HallpassFunction(scope, 'Announce', {
    ...parts,
    code: 'announce',
    description: 'Renders the state of requests into Slack messages and Homes',
    timeout: announcements.consumerTimeout,
    environment: {
      ...decidingEnvironment(parts),
      SLACK_TEAM_ID: settings.slackTeamId,
      SLACK_SECRET_ID: credentials.slack.secretArn,
      SLACK_API_URL: settings.slackApiUrl,
      ONCALL_SECRET_ID: credentials.onCall.secretArn,
      ANNOUNCE_QUEUE_URL: announcements.url,
    },
  });
  live.addEventSource(
    new SqsEventSource(announcements.queue, {
      batchSize: 5,
      maxConcurrency: CONCURRENCY.announce,
      reportBatchItemFailures: true,
    }),
  );
  tables.readHistory(lambda);
  // A card names who else holds access there.
  // A Home lists its owner's requests and what waits for them; an admin's also what is overdue.
  tables.queryJournalBy(lambda, ['container', 'due', 'person']);
  tables.queryStateBy(lambda, ['due']);
  tables.draw(lambda, settings.tenant);
  // A card that somebody else is drawing is looked at again a moment later.
  allowSending(lambda, announcements.queue);
  // Approvers by being on call are named on cards.
  credentials.allowReading(lambda, credentials.onCall);
  credentials.allowReading(lambda, credentials.slack);
}

export function sweepFunction(scope: Construct, parts: Parts): void {
  const { settings, alerts, tables, credentials } = parts;
  const deadLetters = new DeadLetters(scope, 'SweepDeadLetters', {
    alerts,
    name: 'sweep',
    consequence: 'a sweep did not finish; the next minute starts another',
  });
  const { lambda, live } = new HallpassFunction(scope, 'Sweep', {
    ...parts,
    code: 'sweep',
    description: 'Every minute: due work to the queues, lapse, remind, escalate, look for drift',
    timeout: Duration.seconds(50),
    environment: {
      ...decidingEnvironment(parts),
      SLACK_TEAM_ID: settings.slackTeamId,
      ...POLICY_ENVIRONMENT,
      ...queueEnvironment(parts),
      TICKETS_SECRET_ID: credentials.tickets.secretArn,
    },
    deadLetters: deadLetters.queue,
  });
  // A failed sweep is not repeated: the next one does what it left.
  live.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(scope, 'EveryMinute', {
    description: 'Starts the sweep',
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [
      new LambdaFunction(live, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
        deadLetterQueue: deadLetters.queue,
      }),
    ],
  });
  tables.decide(lambda);
  // Access ends with its ticket.
  credentials.allowReading(lambda, credentials.tickets);
  tables.queryJournalBy(lambda, ['due']);
  tables.queryStateBy(lambda, ['due']);
  allowSending(lambda, parts.grants.queue, parts.removals.queue, parts.announcements.queue);
  alerts.alarm(scope, {
    name: 'sweep-heartbeat',
    what: 'No sweep has run for two minutes: overdue access would go unseen.',
    metric: lambda.metricInvocations({ period: ALARM_PERIOD, statistic: 'Sum' }),
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    inARow: 2,
    whenMissing: TreatMissingData.BREACHING,
  });
}
