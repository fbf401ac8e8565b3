/**
 * The words after a click. They go to the response_url, for only that can reach a message that one person sees, and only if
 * it is Slack's own: a payload must never make us call anything else. On a Home tab, which has none, they stand in a form over
 * it. Otherwise, by direct message.
 */

import type { SlackDeps } from './deps.ts';
import type { ClickBody } from './payloads.ts';
import { slackErrorOf } from './slack-error.ts';
import type { Modal } from './views/block-kit.ts';
import { noticeModal } from './views/modals.ts';
import type { Message } from './views/parts.ts';

/** `null`: nothing to say, a form speaks for itself. */
export type ClickReply = { message: Message; replace?: boolean } | null;

type Client = {
  views: { open(args: { trigger_id: string; view: Modal }): Promise<unknown> };
  chat: {
    postMessage(message: {
      channel: string;
      text: string;
      blocks: object[];
      unfurl_links: false;
      unfurl_media: false;
    }): Promise<unknown>;
  };
};
type Desk = { readonly click: ClickBody; readonly client: Client; readonly deps: SlackDeps };

const TIMEOUT_MS = 2000;

/** Slack's host; on a loopback Slack, that Slack's own origin. */
export function isSlackResponseUrl(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password, origin } = new URL(url);
  if (username !== '' || password !== '') return false;
  const api = new URL(apiUrl);
  if (api.hostname === '127.0.0.1') return origin === api.origin;
  return protocol === 'https:' && hostname === 'hooks.slack.com' && port === '';
}

/** What was decided stands, whether these words arrive or not. */
export async function answerClick(desk: Desk, reply: NonNullable<ClickReply>): Promise<void> {
  const { response_url: url } = desk.click;
  const { telemetry, slack } = desk.deps;
  if (url !== undefined && isSlackResponseUrl(url, slack.apiUrl)) {
    const sent = await toResponseUrl(url, reply);
    if (!sent) telemetry.error('An answer to a click did not reach Slack', { by: 'response_url' });
    return;
  }
  if (desk.click.view?.type === 'home' && (await overHome(desk, reply))) return;
  if (!(await toDirectMessage(desk, reply)))
    telemetry.error('An answer to a click did not reach Slack', { by: 'direct message' });
}

async function toResponseUrl(url: string, reply: NonNullable<ClickReply>): Promise<boolean> {
  const replace = reply.replace ?? false;
  const body = { ...reply.message, response_type: 'ephemeral', replace_original: replace };
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return answer.ok;
  } catch (error) {
    if (!isSilence(error)) throw error;
    return false;
  }
}

/** What fetch throws when the other side does not answer, redirects or takes too long. */
const isSilence = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  ['TypeError', 'AbortError', 'TimeoutError'].includes(String(error.name));

/** False when the trigger is spent or too old. */
async function overHome(desk: Desk, { message }: NonNullable<ClickReply>): Promise<boolean> {
  const { trigger_id } = desk.click;
  try {
    await desk.client.views.open({ trigger_id, view: noticeModal('Hallpass', message) });
    return true;
  } catch (error) {
    slackErrorOf(error);
    return false;
  }
}

async function toDirectMessage(desk: Desk, { message }: NonNullable<ClickReply>): Promise<boolean> {
  const { text, blocks } = message;
  const quiet = { unfurl_links: false, unfurl_media: false } as const;
  try {
    await desk.client.chat.postMessage({ channel: desk.click.user.id, text, blocks, ...quiet });
    return true;
  } catch (error) {
    slackErrorOf(error);
    return false;
  }
}
