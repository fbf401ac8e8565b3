/** What the requester has: a direct message edited in place, and the answer to a submit. Ephemeral words are never the only copy. */

import { NUDGES } from '../../../shared/domain/access-request/decide-waiting.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { COMMANDS } from '../commands.ts';
import type { Button } from './block-kit.ts';
import { asked, whyBlocks } from './card.ts';
import { code } from './escape.ts';
import { deniedBlocks, extendButton, extensionLine } from './extension.ts';
import { type CardFacts, STATUS_WORDS } from './facts.ts';
import { headline, voidedLine } from './headline.ts';
import { HOME_ACTIONS } from './home-parts.ts';
import { dayAndTime } from './instants.ts';
import { nudgeButtons, nudgesOf } from './nudge.ts';
import { actions, button, context, endButton, type Message, pressedOf, section } from './parts.ts';
import { startButtons } from './unusual.ts';

export const receipt = (state: KnownRequest, facts: CardFacts): Message => ({
  text: `Your request ${state.requestId}: ${facts.overdue ? 'STILL HAS ACCESS past its end' : STATUS_WORDS[state.status]}`,
  blocks: [
    section(
      `${headline(state, facts)}\n${asked(state)}${voidedLine(facts)}${extensionLine(state)}${nudgedLine(state)}`,
    ),
    ...whyBlocks(facts),
    ...deniedBlocks(state, facts),
    context(`${state.requestId} · ${hint(state)}`),
    ...actions(buttons(state)),
  ],
});

function hint(state: KnownRequest): string {
  if (state.status === 'pending') return `${code(`${COMMANDS.access} mine`)} shows where it stands`;
  if (state.status === 'scheduled') return 'nobody has any access before it begins';
  if (state.status === 'active') return 'it ends by itself; end it early when you are done';
  return `${code(`${COMMANDS.request} again`)} asks for the same once more`;
}

function buttons(state: KnownRequest): Button[] {
  const pressed = pressedOf(state);
  const { status } = state;
  if (status === 'pending')
    return [button('withdraw', 'Withdraw', { pressed }), ...nudgeButtons(state)];
  if (status === 'scheduled') return startButtons(state);
  if (status === 'active') return [extendButton(state), ...nudgeButtons(state), endButton(pressed)];
  return OVER.has(status) ? [button(HOME_ACTIONS.again, 'Request again', { pressed })] : [];
}

const OVER: ReadonlySet<KnownRequest['status']> = new Set([
  ...(['denied', 'withdrawn', 'lapsed', 'not-started', 'ended', 'failed'] as const),
]);

function nudgedLine(state: KnownRequest): string {
  const nudged = nudgesOf(state);
  const last = nudged?.at(-1);
  return nudged && last !== undefined
    ? `\nApprovers were reminded ${nudged.length} of ${NUDGES.most} times, last ${dayAndTime(last)}`
    : '';
}
