/**
 * One Web API client per token, made when first needed and replaced when the token is rotated. It asks once, for as long as it is
 * told, and never waits for a rate limit by itself; its own log, which quotes whole calls, is thrown away.
 */
import { LogLevel, WebClient } from '@slack/web-api';
import { slackCall } from './slack-call.ts';

export type SlackAccess = {
  /** The bot token; cached by whoever provides it. */
  token(): Promise<string>;
  /** `https://slack.com/api/`, or the embedded Slack's. */
  readonly apiUrl: string;
  readonly timeoutMs?: number;
};
export type SlackApi = (method: string, args: Record<string, unknown>) => Promise<unknown>;

const TIMEOUT_MS = 2000;
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Calls throw a Fault when Slack fails or refuses. */
export function slackApi({ token, apiUrl, timeoutMs = TIMEOUT_MS }: SlackAccess): SlackApi {
  let current: { token: string; client: WebClient } | undefined;
  return async (method, args) => {
    const now = await token();
    if (current?.token !== now) {
      const options = {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        timeout: timeoutMs,
        rejectRateLimitedCalls: true,
        logger: SILENT,
      };
      current = { token: now, client: new WebClient(now, options) };
    }
    const { client } = current;
    return slackCall(method, () => client.apiCall(method, args));
  };
}
