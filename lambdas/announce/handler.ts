/** Composition root of announce: the Slack token, no provider credentials. */
import { secretOnCall } from '../../shared/adapters/outside.ts';
import { production } from '../../shared/adapters/production.ts';
import { slackCredentials } from '../../shared/adapters/secrets.ts';
import { slackAnnouncer } from '../../shared/adapters/slack-announcer.ts';
import { slackDirectory } from '../../shared/adapters/slack-directory.ts';
import { sqsFunction } from '../../shared/adapters/sqs-batch.ts';
import { queuesAt } from '../../shared/adapters/sqs-queues.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { announceMessage } from './announce-function.ts';

const env = parseEnv(environments.announce, process.env);
const { journal, clock, telemetry, observe } = production('announce', env, {
  now: () => new Date(),
});
const slack = { ...slackCredentials(env.SLACK_SECRET_ID), apiUrl: env.SLACK_API_URL };

export const handler = observe(
  sqsFunction(
    announceMessage({
      journal,
      telemetry,
      clock,
      teamId: env.SLACK_TEAM_ID,
      policies: journalPolicies({ journal }),
      directory: slackDirectory(slack),
      onCall: secretOnCall(env.ONCALL_SECRET_ID),
      announcer: slackAnnouncer(slack),
      queues: queuesAt({ announce: env.ANNOUNCE_QUEUE_URL }),
    }),
  ),
);
