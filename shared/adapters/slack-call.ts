/** Calls of Slack's Web API as faults of ours: what may be tried again, and what Slack will refuse again. */
import {
  SlackError,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
} from '@slack/web-api';
import { Fault } from '../ports.ts';

/** Refusals that say "not now" rather than "never". */
const PASSING = new Set([
  'accesslimited',
  'fatal_error',
  'internal_error',
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);
/** A token that is being rotated or was withdrawn is an operator's business: the work must wait for it. */
const REFUSED_TOKEN = [
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
];
const CREDENTIALS = new Set([...REFUSED_TOKEN, 'missing_scope']);

/** Slack did nothing, since it does not take this token: another one may be tried. */
export const isTokenRefused = ({ code }: Fault): boolean => REFUSED_TOKEN.includes(code ?? '');

const CODE = /^[a-z][a-z0-9_]{0,80}$/;

/** The refusal's code as Slack spells it; null when Slack did not answer, or with something that is no answer of Slack's. */
export const slackCodeOf = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError && CODE.test(error.data.error) ? error.data.error : null;

/** @throws Fault; a defect of ours passes through unchanged */
export async function slackCall<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    throw new Fault(`Slack ${what} failed: ${reasonOf(error)}. ${nextStep(error)}`, {
      service: 'slack',
      retryable: isPassing(error),
      code: slackCodeOf(error),
      cause: error,
    });
  }
}

function reasonOf(error: SlackError): string {
  if (error instanceof WebAPIPlatformError) return slackCodeOf(error) ?? 'no readable answer';
  if (error instanceof WebAPIHTTPError) return `HTTP ${error.statusCode}`;
  return error instanceof WebAPIRateLimitedError ? 'rate limited' : 'no answer';
}

function isPassing(error: SlackError): boolean {
  const code = slackCodeOf(error);
  return code === null || PASSING.has(code) || CREDENTIALS.has(code);
}

function nextStep(error: SlackError): string {
  if (CREDENTIALS.has(slackCodeOf(error) ?? '')) return 'Check the bot token and its scopes.';
  return isPassing(error) ? 'It will be tried again.' : 'Check the channel and the membership.';
}
