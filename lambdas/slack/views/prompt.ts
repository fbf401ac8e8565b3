/** The card once more, as a direct message: to approvers whom the requester reminds, and to who is told that nobody has decided. */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { card } from './card.ts';
import type { CardFacts } from './facts.ts';
import { span } from './instants.ts';
import { type Message, mention, section } from './parts.ts';

const WHY: Readonly<
  Record<'nudge' | 'escalation', (state: KnownRequest, now: Date) => readonly [string, string]>
> = {
  nudge: (state) => {
    const extension = state.status === 'active' ? state.extension : null;
    const { requestId, requester } = state;
    return [
      `${requestId}: a reminder`,
      extension
        ? `:wave: *${mention(extension.askedBy)} asks you to decide about more time for ${requestId}.*`
        : `:wave: *${mention(requester)} asks you to look at ${requestId}.*`,
    ];
  },
  escalation: ({ requestId, requestedAt }, now) => [
    `${requestId}: nobody has decided`,
    `:hourglass: *Nobody has decided ${requestId} for ${span(requestedAt, now)}.* You are told so by its rule; it gives you no right to decide.`,
  ],
};

/** Once it is decided it is the card alone. */
export function promptMessage(
  state: KnownRequest,
  facts: CardFacts,
  why: 'nudge' | 'escalation',
): Message {
  const drawn = card(state, facts);
  const isOpen = state.status === 'pending' || (state.status === 'active' && state.extension);
  if (!isOpen || (why === 'escalation' && state.status !== 'pending')) return drawn;
  const [text, line] = WHY[why](state, facts.now);
  return { text, blocks: [section(line), ...drawn.blocks] };
}
