/**
 * The two shortcuts open the same form. From a message it starts with a reference to that message and nothing of its
 * text: what somebody else wrote does not become a requester's words.
 */
import type { App } from '@slack/bolt';
import { onShortcut } from '../act-form.ts';
import { SHORTCUTS } from '../commands.ts';
import type { SlackDeps } from '../deps.ts';
import { NOTHING } from '../form-beginning.ts';
import type { FormOpener } from '../form-opener.ts';
import type { ShortcutBody } from '../form-payloads.ts';
import { openFormOrNotice } from './request-form.ts';

export function registerShortcuts(app: App, deps: SlackDeps): void {
  const open = (body: ShortcutBody, openForm: FormOpener) =>
    openFormOrNotice(
      deps,
      { person: body.user.id, triggerId: body.trigger_id, openForm },
      { ...NOTHING, justification: aboutMessage(body) },
    );
  onShortcut(app, deps, { callbackId: SHORTCUTS.request, type: 'shortcut', run: open });
  onShortcut(app, deps, {
    callbackId: SHORTCUTS.requestForMessage,
    type: 'message_action',
    run: open,
  });
}

const DOMAIN = /^[a-z0-9][a-z0-9-]{0,60}$/;
const CHANNEL = /^[CDG][A-Z0-9]{2,30}$/;
const TIME = /^([0-9]{1,12})\.([0-9]{6})$/;

/** The message's permalink as Slack builds it; its channel and time where the workspace's address is not known. */
function aboutMessage({ team, channel, message_ts: ts, message }: ShortcutBody): string {
  const [, seconds, micros] = TIME.exec(ts ?? '') ?? [];
  if (!CHANNEL.test(channel?.id ?? '') || seconds === undefined || micros === undefined) return '';
  const domain = team?.domain ?? '';
  if (!DOMAIN.test(domain))
    return `About the Slack message ${seconds}.${micros} in ${channel?.id}: `;
  const thread = message?.thread_ts;
  const inThread =
    thread !== undefined && TIME.test(thread) && thread !== ts
      ? `?thread_ts=${thread}&cid=${channel?.id}`
      : '';
  return `About https://${domain}.slack.com/archives/${channel?.id}/p${seconds}${micros}${inThread}: `;
}
