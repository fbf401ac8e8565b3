/** Telling a silent or unwilling Slack from a defect of our own: the first becomes words, the second goes on its way. */
import { Fault } from '../../shared/ports.ts';
import type { SlackDeps } from './deps.ts';
import { type ShellRefusal, silence } from './shell-refusal.ts';

/** The message of what failed outside; rethrows what is our own defect. */
export function outsideSilence(error: unknown, deps: SlackDeps): ShellRefusal {
  if (!(error instanceof Fault)) throw error;
  const { service, retryable, message } = error;
  deps.telemetry.error('A person met a silent service', { service, retryable, why: message });
  return silence(error);
}

/** The error code with which Slack refused a call; undefined when it was not an answer of Slack. Rethrows defects. */
export function slackErrorOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  if (!String(error.code).startsWith('slack_webapi_')) throw error;
  const data: unknown = 'data' in error ? error.data : undefined;
  const isRefusal = typeof data === 'object' && data !== null && 'error' in data;
  return isRefusal ? String(data.error) : undefined;
}
