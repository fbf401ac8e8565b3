/**
 * The Slack app: every intent of a person goes to one listener (later-listeners.ts). Slack is asked nothing at start (no
 * auth.test), is asked once and for two seconds at most while a person waits, and is never logged in full.
 */
import { App, LogLevel } from '@slack/bolt';
import { boltLogger } from './bolt-logger.ts';
import type { SlackDeps } from './deps.ts';
import { LATER, listenLater } from './later-listeners.ts';
import type { SlackReceiver } from './receiver.ts';

export type { SlackDeps } from './deps.ts';

const SLACK_TIMEOUT_MS = 2000;

export function slackApp(deps: SlackDeps, receiver: SlackReceiver): App {
  const logger = boltLogger(deps.telemetry);
  const app = new App({
    receiver,
    logger,
    logLevel: LogLevel.WARN,
    ignoreSelf: false,
    authorize: async () => ({ botToken: await deps.slack.token(), teamId: deps.teamId }),
    clientOptions: {
      slackApiUrl: deps.slack.apiUrl,
      retryConfig: { retries: 0 },
      timeout: SLACK_TIMEOUT_MS,
      rejectRateLimitedCalls: true,
      logger,
    },
  });
  listenLater(app, deps, LATER);
  return app;
}
