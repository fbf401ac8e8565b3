/** Composition root of sweep: the minute's work, and the policy file beside the bundle. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { idsFrom } from '../../shared/adapters/ids.ts';
import { nobody } from '../../shared/adapters/nobody.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { policyAt } from '../../shared/adapters/policy-path.ts';
import { sqsQueues } from '../../shared/adapters/sqs-queues.ts';
import { loggerTelemetry } from '../../shared/adapters/telemetry.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { sweepFunction } from './sweep-function.ts';

const env = parseEnv(environments.sweep, process.env);
const tables = { tenant: env.HALLPASS_TENANT, journal: env.JOURNAL_TABLE, state: env.STATE_TABLE };
const journal = dynamoJournal({ client: dynamoClient(), tables });

export const handler = sweepFunction({
  journal,
  clock: { now: () => new Date() },
  ids: idsFrom(randomBytes),
  policies: journalPolicies({ journal, readPolicy }),
  readPolicy,
  source: policyAt(env.POLICY_PATH),
  directory: nobody,
  teamId: env.SLACK_TEAM_ID,
  queues: sqsQueues(new SQSClient(), {
    grants: env.GRANTS_QUEUE_URL,
    removals: env.REMOVALS_QUEUE_URL,
    announce: env.ANNOUNCE_QUEUE_URL,
  }),
  telemetry: loggerTelemetry(new Logger({ serviceName: 'sweep' })),
});
