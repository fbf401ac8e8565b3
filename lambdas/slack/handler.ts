/** Composition root of slack: everything Slack sends. Holds the Slack token and the right to open authenticators, no provider credentials. */
import { foundation } from '../../shared/adapters/foundation.ts';
import {
  announceQueueLater,
  journalLater,
  secretBoxLater,
} from '../../shared/adapters/loaded-later.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { secretFacts } from '../../shared/adapters/outside.ts';
import { slackCredentials } from '../../shared/adapters/secrets.ts';
import { slackDirectory } from '../../shared/adapters/slack-directory.ts';
import { policiesLater } from '../../shared/application/later-policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { slackApp } from './app.ts';
import { loadAhead } from './later-listeners.ts';
import { slackReceiver } from './receiver.ts';

const env = parseEnv(environments.slack, process.env);
const { observe, store, ...base } = foundation('slack', env, { now: () => new Date() });
const journal = journalLater(store, base.telemetry);
const teamId = env.SLACK_TEAM_ID;
const credentials = slackCredentials(env.SLACK_SECRET_ID);
const slack = { ...credentials, apiUrl: env.SLACK_API_URL };
const receiver = slackReceiver({
  ...{ clock: base.clock, telemetry: base.telemetry, teamId, appId: env.SLACK_APP_ID },
  signingSecrets: credentials.signingSecrets,
  ahead: loadAhead,
});
const deps = {
  ...{ ...base, ...secretFacts(env), journal, teamId, slack },
  policies: policiesLater({ journal }),
  directory: slackDirectory(slack),
  codes: oneTimeCodes({ issuer: 'Hallpass' }),
  secretBox: secretBoxLater(env.AUTHENTICATOR_KEY_ID),
  queues: announceQueueLater(env.ANNOUNCE_QUEUE_URL),
  ...{ publicUrl: env.PUBLIC_URL, reachableProviders: new Set(env.PROVIDERS.split(' ')) },
};
slackApp(deps, receiver);

export const handler = observe(receiver.handle);
