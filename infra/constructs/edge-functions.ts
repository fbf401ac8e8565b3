/**
 * The two functions that people reach over HTTP. Neither holds a provider credential or can touch a
 * schedule; the only queue in reach is the one that redraws messages.
 */
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HallpassFunction } from './hallpass-function.ts';
import { decidingEnvironment, type Parts } from './parts.ts';
import { allowSending } from './work-queue.ts';

export function slackFunction(scope: Construct, parts: Parts) {
  const { settings, tables, credentials } = parts;
  const { lambda, live } = new HallpassFunction(scope, 'Slack', {
    ...parts,
    code: 'slack',
    description: 'Everything Slack sends: verifies, decides, answers within 3 seconds',
    timeout: Duration.seconds(10),
    environment: {
      ...decidingEnvironment(parts),
      ANNOUNCE_QUEUE_URL: parts.announcements.url,
      SLACK_TEAM_ID: settings.slackTeamId,
      SLACK_APP_ID: settings.slackAppId,
      SLACK_SECRET_ID: credentials.slack.secretArn,
      SLACK_API_URL: settings.slackApiUrl,
      PUBLIC_URL: parts.publicUrl,
      AUTHENTICATOR_KEY_ID: credentials.authenticatorKey.keyArn,
      ONCALL_SECRET_ID: credentials.onCall.secretArn,
      TICKETS_SECRET_ID: credentials.tickets.secretArn,
      PROVIDERS: settings.providers,
    },
  });
  tables.decide(lambda);
  tables.queryJournalBy(lambda, ['due', 'person']);
  // Ending everything of one person goes by the holdings that are live.
  tables.queryStateBy(lambda, ['due']);
  credentials.allowReading(lambda, credentials.slack);
  // Facts of a decision, read only; never a provider's credential.
  credentials.allowReading(lambda, credentials.onCall);
  credentials.allowReading(lambda, credentials.tickets);
  credentials.allowOpeningAuthenticators(lambda, settings.tenant);
  // A stale button has its card redrawn.
  allowSending(lambda, parts.announcements.queue);
  return live;
}

export function enrollFunction(scope: Construct, parts: Parts) {
  const { settings, tables, credentials } = parts;
  const { lambda, live } = new HallpassFunction(scope, 'Enroll', {
    ...parts,
    code: 'enroll',
    description: 'The page on which a person sets up an authenticator',
    timeout: Duration.seconds(10),
    environment: {
      ...decidingEnvironment(parts),
      PUBLIC_URL: parts.publicUrl,
      AUTHENTICATOR_KEY_ID: credentials.authenticatorKey.keyArn,
    },
  });
  tables.decide(lambda);
  credentials.allowMakingAuthenticators(lambda, settings.tenant);
  // The first code confirms the enrolment, and checking it needs the secret once more.
  credentials.allowOpeningAuthenticators(lambda, settings.tenant);
  return live;
}
