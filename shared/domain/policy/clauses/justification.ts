/** Why: enough words that a reader can see, and a ticket where the rule demands one. */
import type { PolicyRefusal } from '../refusal.ts';
import { ticketPattern } from '../ticket-pattern.ts';
import type { Situation } from '../verdict.ts';

export function wrongJustification({
  rule,
  ask: { justification },
}: Situation): PolicyRefusal | null {
  if ('accepted' in justification) return null;
  const { min = 0, ticket } = rule.justification ?? {};
  const have = visibleLength(justification.text);
  if (have < min) return { code: 'justification-too-short', min, have };
  if (ticket === undefined) return null;
  const pattern = ticketPattern(ticket);
  const found = pattern.ok && pattern.value.found(justification.text);
  return found ? null : { code: 'ticket-missing', pattern: ticket };
}

const visibleLength = (text: string): number =>
  [...text.replace(/[\p{Cf}\p{Cc}\p{Cs}\s]+/gu, ' ').trim()].length;
