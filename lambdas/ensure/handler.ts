/** Composition root of ensure, the only function with provider credentials. */
import { schedulerClient } from '../../shared/adapters/aws-clients.ts';
import { endScheduler, scheduleTarget } from '../../shared/adapters/end-scheduler.ts';
import { kmsAppJwt } from '../../shared/adapters/kms-app-jwt.ts';
import { kmsClient } from '../../shared/adapters/kms-client.ts';
import { production } from '../../shared/adapters/production.ts';
import { builtFrom, GithubSecret, GitlabSecret } from '../../shared/adapters/secrets.ts';
import { type SqsFunction, sqsFunction } from '../../shared/adapters/sqs-batch.ts';
import { queuesAt } from '../../shared/adapters/sqs-queues.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { githubAuth, githubProvider } from '../../shared/providers/github/github-provider.ts';
import { gitlabProvider } from '../../shared/providers/gitlab/gitlab-provider.ts';
import { availableProviders } from '../../shared/providers/registry.ts';
import { ensureMessage } from './ensure-function.ts';

const env = parseEnv(environments.ensure, process.env);
const clock = { now: () => new Date() };
const { observe, ...base } = production('ensure', env, clock);
const parts = {
  ...base,
  policies: journalPolicies({ journal: base.journal }),
  teamId: env.SLACK_TEAM_ID,
  queues: queuesAt({ grants: env.GRANTS_QUEUE_URL, removals: env.REMOVALS_QUEUE_URL }),
  ends: endScheduler(schedulerClient(), scheduleTarget(env)),
};
const createJwt = kmsAppJwt({ client: kmsClient(), keyId: env.GITHUB_APP_KEY_ID, ...clock });
const github = builtFrom(env.GITHUB_SECRET_ID, GithubSecret, (secret) =>
  githubProvider({ baseUrl: env.GITHUB_API_URL, auth: githubAuth(secret, createJwt), ...clock }),
);
const gitlab = builtFrom(env.GITLAB_SECRET_ID, GitlabSecret, (secret) =>
  gitlabProvider({ ...secret, baseUrl: env.GITLAB_API_URL ?? '', ...clock }),
);
const used = env.GITLAB_API_URL ? [github, gitlab] : [github];
const run: SqsFunction = async (event) => {
  const providers = await availableProviders(used, base.telemetry);
  return sqsFunction(ensureMessage({ ...parts, providers }))(event);
};

export const handler = observe(run);
