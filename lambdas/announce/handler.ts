/** Composition root of announce: the Slack token, no provider credentials. */
import { Logger } from '@aws-lambda-powertools/logger';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { SlackSecret, secretOf } from '../../shared/adapters/secrets.ts';
import { slackAnnouncer } from '../../shared/adapters/slack-announcer.ts';
import { sqsFunction } from '../../shared/adapters/sqs-batch.ts';
import { sqsQueues } from '../../shared/adapters/sqs-queues.ts';
import { loggerTelemetry } from '../../shared/adapters/telemetry.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { announceMessage } from './announce-function.ts';

const env = parseEnv(environments.announce, process.env);
const tables = { tenant: env.HALLPASS_TENANT, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
const journal = dynamoJournal({ client: dynamoClient(), tables });
const token = async () => (await secretOf(env.SLACK_SECRET_ID, SlackSecret)).botToken;

export const handler = sqsFunction(
  announceMessage({
    journal,
    clock: { now: () => new Date() },
    teamId: env.SLACK_TEAM_ID,
    policies: journalPolicies({ journal, readPolicy }),
    announcer: slackAnnouncer({ token, apiUrl: env.SLACK_API_URL }),
    queues: sqsQueues(new SQSClient(), { announce: env.ANNOUNCE_QUEUE_URL }),
    telemetry: loggerTelemetry(new Logger({ serviceName: 'announce' })),
  }),
);
