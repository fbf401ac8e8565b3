/** Composition root of ensure, the only function with provider credentials. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient, schedulerClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { endScheduler } from '../../shared/adapters/end-scheduler.ts';
import { idsFrom } from '../../shared/adapters/ids.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { builtFrom, GithubSecret } from '../../shared/adapters/secrets.ts';
import { type SqsFunction, sqsFunction } from '../../shared/adapters/sqs-batch.ts';
import { sqsQueues } from '../../shared/adapters/sqs-queues.ts';
import { loggerTelemetry } from '../../shared/adapters/telemetry.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import { providerRegistry } from '../../shared/providers/registry.ts';
import { ensureMessage } from './ensure-function.ts';

const env = parseEnv(environments.ensure, process.env);
const tables = { tenant: env.HALLPASS_TENANT, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
const journal = dynamoJournal({ client: dynamoClient(), tables });
const clock = { now: () => new Date() };
const queues = { grants: env.GRANTS_QUEUE_URL, removals: env.REMOVALS_QUEUE_URL };
const target = {
  group: env.SCHEDULER_GROUP,
  queueArn: env.REMOVALS_QUEUE_ARN,
  roleArn: env.SCHEDULER_ROLE_ARN,
  deadLetterArn: env.SCHEDULER_DEAD_LETTERS_ARN,
};

const common = {
  journal,
  clock,
  ids: idsFrom(randomBytes),
  policies: journalPolicies({ journal, readPolicy }),
  telemetry: loggerTelemetry(new Logger({ serviceName: 'ensure' })),
  teamId: env.SLACK_TEAM_ID,
  ends: endScheduler(schedulerClient(), target),
  queues: sqsQueues(new SQSClient(), queues),
};
const current = builtFrom(env.GITHUB_SECRET_ID, GithubSecret, (auth) => {
  const github = githubProvider({ baseUrl: env.GITHUB_API_URL, auth, now: clock.now });
  return sqsFunction(ensureMessage({ ...common, providers: providerRegistry([github]) }));
});

export const handler: SqsFunction = async (event) => (await current())(event);
