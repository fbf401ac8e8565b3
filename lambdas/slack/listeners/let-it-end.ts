/**
 * "Let it end" on the reminder: nothing happens to the access, it ends as it would have. On record is only that the reminder
 * has done its work; announce then shows it without its buttons.
 */
import type { App } from '@slack/bolt';
import { wrongStatus } from '../../../shared/domain/access-request/command.ts';
import { reminderAt } from '../../../shared/domain/access-request/reminder.ts';
import { put } from '../../../shared/ports.ts';
import { type Act, onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { ButtonValue, type ClickBody, parseJsonAs } from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import { readRequest, refusedAbout } from '../requests.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';

export function registerLetItEnd(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'let-it-end', run: letItEnd });
}

async function letItEnd({ body }: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = parseJsonAs(ButtonValue, body.actions[0]?.value);
  if (!pressed) return { message: refusalMessage({ code: 'action-unreadable' }, deps.clock.now()) };
  const refusal = await dismissed(deps, pressed.id, body.user.id);
  if (refusal) return { message: await refusedAbout(deps, pressed.id, refusal) };
  await deps.queues.send('announce', { requestId: pressed.id });
  return null;
}

async function dismissed(
  deps: SlackDeps,
  requestId: string,
  by: string,
): Promise<AnyRefusal | null> {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return request.error;
  const state = request.value;
  if (by !== state.subject && by !== state.requester) return { code: 'not-your-request' };
  if (state.status !== 'active') return wrongStatus(state);
  const now = deps.clock.now();
  const dueAt = reminderAt(state);
  // An old message of a grant that was extended since: its next reminder has yet to come.
  if (dueAt === null || dueAt > now.toISOString()) return null;
  const base = await deps.journal.read('dismissal', `${requestId}#${dueAt}`);
  if (!base.value) await deps.journal.commit([put(base, { by, at: now.toISOString() })], now);
  return null;
}
