/** The confirm card: what a one-line ask was understood as, before anything is asked of anybody. */
import type { Drafted } from '../../../shared/application/ask.ts';
import { code } from './escape.ts';
import { redactedWarning } from './form-words.ts';
import { dayAndTime } from './instants.ts';
import {
  actions,
  button,
  context,
  forHowLong,
  type Message,
  mention,
  mentions,
  quoted,
  section,
} from './parts.ts';
import { ruleLine } from './rule-line.ts';

export function confirmCard({ draft, verdict, redacted }: Drafted, now: Date): Message {
  const pressed = { id: draft.requestId, v: 0 };
  const ends = new Date(now.getTime() + draft.durationSeconds * 1000).toISOString();
  const { groups, needed } = verdict.approvals;
  const risk = verdict.privileged ? ':warning: *Privileged access.* ' : '';
  const submit = verdict.codeFrom.requester ? 'Ask, with my code' : 'Ask';
  return {
    text: `Ask for this? ${draft.requestId}`,
    blocks: [
      section(
        `${risk}${mention(draft.requester)} asks for ${code(draft.role)} on ${code(draft.entitlement)} for *${forHowLong(draft.durationSeconds)}*\nApproved now, it would end by itself ${dayAndTime(ends)}.`,
      ),
      ...(redacted.length > 0 ? [section(redactedWarning(redacted))] : []),
      quoted('Why (typed by you)', draft.justification),
      context(
        `${ruleLine({ groups, codeFrom: verdict.codeFrom, needed })} · rule ${code(verdict.rule)}`,
      ),
      context(`Can approve: ${mentions(verdict.approvers.slice(0, 20))}`),
      ...actions([
        button('submit', submit, { pressed, style: 'primary' }),
        button('cancel', 'Cancel', { pressed }),
      ]),
    ],
  };
}
