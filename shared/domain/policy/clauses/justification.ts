/** Why: enough words that a reader can see, and a ticket where the rule demands one. */
import type { PolicyRefusal } from '../refusal.ts';
import { likeATicket, ticketIn } from '../ticket.ts';
import type { Situation } from '../verdict.ts';

export function wrongJustification({
  rule,
  ask: { justification },
}: Situation): PolicyRefusal | null {
  if (!('text' in justification)) return null;
  const { min = 0, ticket } = rule.justification ?? {};
  const have = visibleLength(justification.text);
  if (have < min) return { code: 'justification-too-short', min, have };
  if (ticket === undefined) return null;
  if (ticketIn(ticket, justification.text) !== null) return null;
  const instead = likeATicket(justification.text);
  return {
    ...{ code: 'ticket-missing', pattern: ticket.pattern },
    ...(instead === null ? {} : { instead }),
  };
}

const visibleLength = (text: string): number =>
  [...text.replace(/[\p{Cf}\p{Cc}\p{Cs}\s]+/gu, ' ').trim()].length;
