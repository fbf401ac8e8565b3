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
const CREDENTIALS = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'missing_scope',
]);

/** The refusal's code as Slack spells it, null when Slack did not answer. */
export const slackCodeOf = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError ? error.data.error : null;

/** @throws Fault; a defect of ours passes through unchanged */
export async function slackCall<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    throw new Fault(`Slack ${what} failed: ${reasonOf(error)}. ${nextStep(error)}`, {
      service: 'slack',
      retryable: isPassing(error),
      cause: error,
    });
  }
}

function reasonOf(error: SlackError): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  if (error instanceof WebAPIHTTPError) return `HTTP ${error.statusCode}`;
  return error instanceof WebAPIRateLimitedError ? 'rate limited' : 'no answer';
}

function isPassing(error: SlackError): boolean {
  if (!(error instanceof WebAPIPlatformError)) return true;
  return PASSING.has(error.data.error) || CREDENTIALS.has(error.data.error);
}

function nextStep(error: SlackError): string {
  if (error instanceof WebAPIPlatformError && CREDENTIALS.has(error.data.error))
    return 'Check the bot token and its scopes.';
  return isPassing(error) ? 'It will be tried again.' : 'Check the channel and the membership.';
}
