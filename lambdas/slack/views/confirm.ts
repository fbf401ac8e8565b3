/** The confirm card: what a one-line ask was understood as, before anything is asked of anybody. */
import type { Drafted } from '../../../shared/application/ask.ts';
import { code } from './escape.ts';
import { redactedWarning } from './form-words.ts';
import {
  actions,
  button,
  context,
  forHowLong,
  forWhom,
  type Message,
  mention,
  mentions,
  quoted,
  section,
} from './parts.ts';
import { ruleLine } from './rule-line.ts';
import { unusual, whenLine } from './unusual.ts';

export function confirmCard({ draft, verdict, redacted }: Drafted, now: Date): Message {
  const pressed = { id: draft.requestId, v: 0 };
  const { groups, needed } = verdict.approvals;
  const risk = verdict.privileged ? ':warning: *Privileged access.* ' : '';
  const ask = draft.breakGlass ? 'Break glass' : 'Ask';
  const submit = verdict.codeFrom.requester ? `${ask}, with my code` : ask;
  return {
    text: `Ask for this? ${draft.requestId}`,
    blocks: [
      section(
        `${risk}${unusual(draft)}${mention(draft.requester)} asks for ${code(draft.role)} on ${code(draft.entitlement)}${forWhom(draft)} for *${forHowLong(draft.durationSeconds)}*\n${whenLine(draft, now)}`,
      ),
      ...(redacted.length > 0 ? [section(redactedWarning(redacted))] : []),
      quoted('Why (typed by you)', draft.justification),
      context(
        `${ruleLine({ groups, codeFrom: verdict.codeFrom, needed })} · rule ${code(verdict.rule)}`,
      ),
      context(
        `${draft.breakGlass ? 'Will be told, and one of them reviews it' : 'Can approve'}: ${mentions(verdict.approvers.slice(0, 20))}`,
      ),
      ...actions([
        button('submit', submit, { pressed, style: draft.breakGlass ? 'danger' : 'primary' }),
        button('cancel', 'Cancel', { pressed }),
      ]),
    ],
  };
}
