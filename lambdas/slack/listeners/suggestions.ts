/** A "Did you mean" button: the line it stands for is answered as if it had been typed that way. */
import type { App } from '@slack/bolt';
import { openSuggestion } from '../../../shared/application/suggestions.ts';
import { type Act, onClick } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { ButtonValue, type ClickBody, parseJsonAs } from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { SUGGEST_FORM, SUGGESTED } from '../views/suggestions.ts';
import { answerLine, openUnderstood } from './request-access.ts';

export function registerSuggestions(app: App, deps: SlackDeps): void {
  for (const [index, actionId] of SUGGESTED.entries())
    onClick(app, deps, { actionId, run: (act) => chosen(act, deps, index) });
  onClick(app, deps, { actionId: SUGGEST_FORM, run: (act) => chosen(act, deps, null) });
}

/** `index` null: none of them; the form with what was understood. */
async function chosen(
  act: Act<ClickBody>,
  deps: SlackDeps,
  index: number | null,
): Promise<ClickReply> {
  const { body, interaction, openForm } = act;
  const say = (refusal: AnyRefusal) => ({ message: refusalMessage(refusal, deps.clock.now()) });
  const pressed = parseJsonAs(ButtonValue, body.actions[0]?.value);
  if (!pressed) return say({ code: 'action-unreadable' });
  const person = body.user.id;
  const kept = await openSuggestion(deps, { requester: person, id: pressed.id });
  if (!kept.ok) return say(kept.error);
  const by = { person, triggerId: body.trigger_id, openForm };
  if (index === null) {
    const message = await openUnderstood(deps, kept.value.typed, by);
    return message ? { message } : null;
  }
  const text = kept.value.lines[index];
  if (text === undefined) return say({ code: 'action-unreadable' });
  const message = await answerLine(deps, { text, interaction }, by);
  return message ? { message, replace: true } : null;
}
