/** Composition root of ensure, the only function with provider credentials. */
import { schedulerClient, sqsClient } from '../../shared/adapters/aws-clients.ts';
import { endScheduler } from '../../shared/adapters/end-scheduler.ts';
import { production } from '../../shared/adapters/production.ts';
import { builtFrom, GithubSecret } from '../../shared/adapters/secrets.ts';
import { type SqsFunction, sqsFunction } from '../../shared/adapters/sqs-batch.ts';
import { sqsQueues } from '../../shared/adapters/sqs-queues.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import { providerRegistry } from '../../shared/providers/registry.ts';
import { ensureMessage } from './ensure-function.ts';

const env = parseEnv(environments.ensure, process.env);
const base = production('ensure', env);
const clock = { now: () => new Date() };
const queues = { grants: env.GRANTS_QUEUE_URL, removals: env.REMOVALS_QUEUE_URL };
const parts = {
  ...base,
  clock,
  policies: journalPolicies({ journal: base.journal }),
  teamId: env.SLACK_TEAM_ID,
  queues: sqsQueues(sqsClient(), queues),
  ends: endScheduler(schedulerClient(), {
    group: env.SCHEDULER_GROUP,
    queueArn: env.REMOVALS_QUEUE_ARN,
    roleArn: env.SCHEDULER_ROLE_ARN,
    deadLetterArn: env.SCHEDULER_DEAD_LETTERS_ARN,
  }),
};
const current = builtFrom(env.GITHUB_SECRET_ID, GithubSecret, (auth) => {
  const github = githubProvider({ baseUrl: env.GITHUB_API_URL, auth, now: clock.now });
  return sqsFunction(ensureMessage({ ...parts, providers: providerRegistry([github]) }));
});

export const handler: SqsFunction = async (event) => (await current())(event);
