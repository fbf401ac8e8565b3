/**
 * The ticket, where its rule says in which tracker it is kept: it must exist there, and be open where the rule wants that or ends
 * access with it. A tracker that gave no clear answer refuses. Judged at the ask and at each approval; a no needs no ticket.
 */
import type { PolicyRefusal } from '../refusal.ts';
import { ticketId, ticketIn } from '../ticket.ts';
import type { Situation } from '../verdict.ts';

export function wrongTicket({ rule, ask, facts }: Situation): PolicyRefusal | null {
  const ticket = rule.justification?.ticket;
  const tracker = ticket?.exists_in;
  if (!ticket || !tracker) return null;
  const { justification } = ask;
  // Stryker disable next-line ConditionalExpression,StringLiteral: without words there is no key either
  if ('unwritten' in justification) return null;
  const key = 'text' in justification ? ticketIn(ticket, justification.text) : justification.ticket;
  if (key === undefined) return null;
  if (key === null) return { code: 'ticket-missing', pattern: ticket.pattern };
  const standing = facts.tickets?.get(ticketId({ tracker, key }));
  if (standing === undefined) return { code: 'ticket-unreadable', tracker, key };
  if (standing === 'missing') return { code: 'ticket-unknown', tracker, key };
  const mustBeOpen = ticket.open || ticket.ends_access;
  return standing === 'closed' && mustBeOpen ? { code: 'ticket-closed', tracker, key } : null;
}
