/**
 * "Request access" and "Request again": the form, empty or filled in with what the presser asked for before. What the button
 * names is read from the store, and only its requester gets it; nothing is asked of anybody until the form is sent.
 */
import type { App } from '@slack/bolt';
import { formatDuration } from '../../../shared/domain/duration.ts';
import { type Act, onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { type Beginning, NOTHING } from '../form-beginning.ts';
import { ButtonValue, type ClickBody, parseJsonAs } from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import { justificationOf, readRequest } from '../requests.ts';
import { HOME_ACTIONS } from '../views/home-parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { openRequestForm } from './request-form.ts';

export function registerRequestAgain(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: HOME_ACTIONS.ask, run: (act) => opened(act, deps, NOTHING) });
  onClick(app, deps, { actionId: HOME_ACTIONS.again, run: again });
}

async function again(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const say = (refusal: AnyRefusal) => ({ message: refusalMessage(refusal, deps.clock.now()) });
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return say({ code: 'action-unreadable' });
  const [request, justification] = await Promise.all([
    readRequest(deps, pressed.id),
    justificationOf(deps, pressed.id),
  ]);
  // Somebody else's words are not handed out, and neither is that they exist.
  if (!request.ok || request.value.requester !== act.body.user.id)
    return say({ code: 'unknown-request' });
  const { entitlement, durationSeconds, subject } = request.value;
  return opened(act, deps, {
    entitlement: entitlement.id,
    role: entitlement.role,
    duration: formatDuration(durationSeconds),
    justification: justification ?? '',
    notes: [],
    flags: {
      ...{ start: null, breakGlass: null },
      subject: subject === request.value.requester ? null : subject,
    },
  });
}

async function opened(
  { body, openForm }: Act<ClickBody>,
  deps: SlackDeps,
  beginning: Beginning,
): Promise<ClickReply> {
  const by = { person: body.user.id, triggerId: body.trigger_id, openForm };
  const message = await openRequestForm(deps, by, beginning);
  return message ? { message } : null;
}
