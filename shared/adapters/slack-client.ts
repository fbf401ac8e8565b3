/**
 * One Web API client per token, made when first needed and replaced when the token is rotated. It asks once, for as long as it is
 * told, and never waits for a rate limit by itself; a token that Slack refuses is asked for anew, and where it is another one by
 * then, so is Slack, once. Its own log, which quotes whole calls, is thrown away.
 */
import { LogLevel, WebClient } from '@slack/web-api';
import { Fault } from '../ports.ts';
import { isTokenRefused, slackCall } from './slack-call.ts';

export type SlackAccess = {
  /** The bot token; cached by whoever provides it. */
  token(): Promise<string>;
  /** Slack refused the token: the next one is read anew. False when there is no use in trying again. */
  refused?(): boolean;
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
export function slackApi(access: SlackAccess): SlackApi {
  const { token, apiUrl, timeoutMs = TIMEOUT_MS } = access;
  let current: { token: string; client: WebClient } | undefined;
  const ask = async (now: string, method: string, args: Record<string, unknown>) => {
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
  return async (method, args) => {
    const first = await token();
    try {
      return await ask(first, method, args);
    } catch (error) {
      if (!(error instanceof Fault) || !isTokenRefused(error) || !access.refused?.()) throw error;
      const next = await token();
      if (next === first) throw error;
      return ask(next, method, args);
    }
  };
}
