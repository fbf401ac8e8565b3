/**
 * The Slack app: every intent of a person goes to one listener. Slack is asked nothing at start (no auth.test), is asked
 * once and for two seconds at most while a person waits, and is never logged in full.
 */
import { App, LogLevel } from '@slack/bolt';
import { boltLogger } from './bolt-logger.ts';
import type { Register, SlackDeps } from './deps.ts';
import { LATER, listenLater } from './later-listeners.ts';
import { registerRequestAccess } from './listeners/request-access.ts';
import { registerSubmitRequest } from './listeners/submit-request.ts';
import type { SlackReceiver } from './receiver.ts';

export type { SlackDeps } from './deps.ts';

/** What a cold ask needs at once. Every other listener is a row in later-listeners.ts. */
const LISTENERS: readonly Register[] = [registerRequestAccess, registerSubmitRequest];

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
  for (const register of LISTENERS) register(app, deps);
  listenLater(app, deps, LATER);
  return app;
}
