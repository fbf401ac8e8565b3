/** What the requester has: a direct message edited in place, and the answer to a submit. Ephemeral words are never the only copy. */

import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { COMMANDS } from '../commands.ts';
import type { Button } from './block-kit.ts';
import { asked, whyBlocks } from './card.ts';
import { code } from './escape.ts';
import { type CardFacts, STATUS_WORDS } from './facts.ts';
import { headline } from './headline.ts';
import { actions, button, context, endButton, type Message, pressedOf, section } from './parts.ts';

export const receipt = (state: KnownRequest, facts: CardFacts): Message => ({
  text: `Your request ${state.requestId}: ${facts.overdue ? 'STILL HAS ACCESS past its end' : STATUS_WORDS[state.status]}`,
  blocks: [
    section(`${headline(state, facts)}\n${asked(state)}`),
    ...whyBlocks(facts),
    context(`${state.requestId} · ${hint(state)}`),
    ...actions(buttons(state)),
  ],
});

function hint(state: KnownRequest): string {
  if (state.status === 'pending') return `${code(`${COMMANDS.access} mine`)} shows where it stands`;
  if (state.status === 'active') return 'it ends by itself; end it early when you are done';
  return `${code(`${COMMANDS.request} again`)} asks for the same once more`;
}

function buttons(state: KnownRequest): Button[] {
  const pressed = pressedOf(state);
  if (state.status === 'pending') return [button('withdraw', 'Withdraw', { pressed })];
  return state.status === 'active' ? [endButton(pressed)] : [];
}
