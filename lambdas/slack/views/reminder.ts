/**
 * The reminder before the end, to who holds the access. One message that follows the grant: it asks while there is something
 * to ask, and says how it went afterwards. It never says that access is gone before that was read back.
 */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { reminderAt } from '../../../shared/domain/access-request/reminder.ts';
import { extendButton } from './extension.ts';
import type { CardFacts } from './facts.ts';
import { headline } from './headline.ts';
import { dayAndTime, timeOnly } from './instants.ts';
import {
  actions,
  button,
  context,
  endButton,
  type Message,
  pressedOf,
  section,
  what,
} from './parts.ts';

/** `dueAt`: the instant it was for; an extension makes another one of it. */
export type About = { readonly dueAt: string | null; readonly dismissed: boolean };

export function reminder(state: KnownRequest, facts: CardFacts, about: About): Message {
  const { requestId } = state;
  if (state.status !== 'active' || facts.overdue)
    return {
      text: `${requestId}: the access you were reminded of`,
      blocks: [section(`${headline(state, facts)}\n${what(state)}`), context(requestId)],
    };
  const end = dayAndTime(state.expiresAt);
  if (reminderAt(state) !== about.dueAt)
    return {
      text: `${requestId}: extended`,
      blocks: [section(`*Extended*: ${what(state)} now ends ${end}.`), context(requestId)],
    };
  return {
    text: `${requestId}: your access ends soon`,
    blocks: [
      section(`*Your access ends ${timeOnly(state.expiresAt)}*: ${what(state)}\n${ending(about)}`),
      context(`${requestId} · until ${end}`),
      ...(about.dismissed
        ? []
        : actions([
            extendButton(state),
            endButton(pressedOf(state)),
            button('let-it-end', 'Let it end', { pressed: pressedOf(state) }),
          ])),
    ],
  };
}

const ending = ({ dismissed }: About): string =>
  dismissed
    ? 'Left to end by itself at that time.'
    : 'It ends by itself at that time; nothing has to be done. End it now if you no longer need it.';
