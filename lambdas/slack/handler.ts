/** Composition root of slack: everything Slack sends. Holds the Slack token and the right to open authenticators, no provider credentials. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { idsFrom } from '../../shared/adapters/ids.ts';
import { kmsSecretBox } from '../../shared/adapters/kms-secret-box.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { SlackSecret, secretOf, signingSecretsOf } from '../../shared/adapters/secrets.ts';
import { slackDirectory } from '../../shared/adapters/slack-directory.ts';
import { sqsQueues } from '../../shared/adapters/sqs-queues.ts';
import { loggerTelemetry } from '../../shared/adapters/telemetry.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { slackApp } from './app.ts';
import { slackReceiver } from './receiver.ts';

const env = parseEnv(environments.slack, process.env);
const tenant = env.HALLPASS_TENANT;
const tables = { tenant, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
const journal = dynamoJournal({ client: dynamoClient(), tables });
const clock = { now: () => new Date() };
const telemetry = loggerTelemetry(new Logger({ serviceName: 'slack' }));
const secret = () => secretOf(env.SLACK_SECRET_ID, SlackSecret);
const slack = { token: async () => (await secret()).botToken, apiUrl: env.SLACK_API_URL };
const [appId, teamId] = [env.SLACK_APP_ID, env.SLACK_TEAM_ID];
const receiver = slackReceiver({
  ...{ appId, teamId, clock, telemetry },
  signingSecrets: async () => signingSecretsOf(await secret()),
});
const policies = journalPolicies({ journal, readPolicy });
const secretBox = kmsSecretBox(new KMSClient(), env.AUTHENTICATOR_KEY_ID);
const queues = sqsQueues(new SQSClient(), { announce: env.ANNOUNCE_QUEUE_URL });
const doors = {
  slack,
  secretBox,
  queues,
  directory: slackDirectory(slack),
  codes: oneTimeCodes({ issuer: 'Hallpass' }),
};
const facts = { journal, clock, telemetry, tenant, teamId, policies, ids: idsFrom(randomBytes) };
slackApp({ ...facts, ...doors, publicUrl: env.PUBLIC_URL }, receiver);

export const handler = receiver.handle;
