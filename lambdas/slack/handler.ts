/** Composition root of slack: everything Slack sends. Holds the Slack token and the right to open authenticators, no provider credentials. */
import { laterQueues, laterSecretBox } from '../../shared/adapters/later.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { production } from '../../shared/adapters/production.ts';
import { slackCredentials } from '../../shared/adapters/secrets.ts';
import { slackDirectory } from '../../shared/adapters/slack-directory.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { slackApp } from './app.ts';
import { loadAhead } from './later-listeners.ts';
import { slackReceiver } from './receiver.ts';

const env = parseEnv(environments.slack, process.env);
const clock = { now: () => new Date() };
const { observe, ...base } = production('slack', env, clock);
const teamId = env.SLACK_TEAM_ID;
const credentials = slackCredentials(env.SLACK_SECRET_ID);
const slack = { ...credentials, apiUrl: env.SLACK_API_URL };
const receiver = slackReceiver({
  ...{ clock, teamId, telemetry: base.telemetry, appId: env.SLACK_APP_ID },
  signingSecrets: credentials.signingSecrets,
  ahead: loadAhead,
});
const deps = {
  ...{ ...base, teamId, slack },
  policies: journalPolicies({ journal: base.journal }),
  directory: slackDirectory(slack),
  codes: oneTimeCodes({ issuer: 'Hallpass' }),
  secretBox: laterSecretBox(async () => {
    const { secretBoxFor } = await import('../../shared/adapters/kms-secret-box.ts');
    return secretBoxFor(env.AUTHENTICATOR_KEY_ID);
  }),
  queues: laterQueues(async () => {
    const { queuesAt } = await import('../../shared/adapters/sqs-queues.ts');
    return queuesAt({ announce: env.ANNOUNCE_QUEUE_URL });
  }),
  publicUrl: env.PUBLIC_URL,
  reachableProviders: new Set(env.PROVIDERS.split(' ')),
};
slackApp(deps, receiver);

export const handler = observe(receiver.handle);
