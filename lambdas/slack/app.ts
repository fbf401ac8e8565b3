/**
 * The Slack app: every intent of a person goes to one listener. Slack is asked nothing at start (no auth.test), is asked
 * once and for two seconds at most while a person waits, and is never logged in full.
 */
import { App, LogLevel } from '@slack/bolt';
import { boltLogger } from './bolt-logger.ts';
import type { Register, SlackDeps } from './deps.ts';
import { registerAccess } from './listeners/access.ts';
import { registerApproveRequest } from './listeners/approve-request.ts';
import { registerAuthenticator } from './listeners/authenticator.ts';
import { registerDenyRequest } from './listeners/deny-request.ts';
import { registerEndGrant } from './listeners/end-grant.ts';
import { registerEnroll } from './listeners/enroll.ts';
import { registerFormChanges } from './listeners/form-changes.ts';
import { registerHome } from './listeners/home.ts';
import { registerLetItEnd } from './listeners/let-it-end.ts';
import { registerRequestAccess } from './listeners/request-access.ts';
import { registerRequestAgain } from './listeners/request-again.ts';
import { registerShortcuts } from './listeners/shortcuts.ts';
import { registerSubmitRequest } from './listeners/submit-request.ts';
import { registerSuggestions } from './listeners/suggestions.ts';
import { registerWithdrawRequest } from './listeners/withdraw-request.ts';
import type { SlackReceiver } from './receiver.ts';

export type { SlackDeps } from './deps.ts';

/** One entry per intent; a new listener is one more line here. */
const LISTENERS: readonly Register[] = [
  registerRequestAccess,
  registerSubmitRequest,
  registerFormChanges,
  registerShortcuts,
  registerSuggestions,
  registerApproveRequest,
  registerDenyRequest,
  registerWithdrawRequest,
  registerEndGrant,
  registerLetItEnd,
  registerEnroll,
  registerAuthenticator,
  registerAccess,
  registerHome,
  registerRequestAgain,
];

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
  return app;
}
