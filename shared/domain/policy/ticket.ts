/**
 * Which ticket a justification names. The first that the rule's pattern finds, as long as it can be; a text that is no plain key
 * of a ticket is none, so that no sentence of a person ever becomes one.
 */
import type { Policy, Rule } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';
import type { Ticket, Tracker } from './schema/ticket.ts';
import { ticketPattern } from './ticket-pattern.ts';

const KEY: Readonly<Record<Tracker | 'anywhere', RegExp>> = {
  anywhere: /^[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}$/,
  jira: /^[A-Z][A-Z0-9_]{0,30}-[0-9]{1,12}$/,
  github: /^(?=.{1,64}$)[A-Za-z0-9](?:[A-Za-z0-9-]*)\/[A-Za-z0-9._-]+#[1-9][0-9]{0,9}$/,
};

/** Null: it names none, or nothing that could be one there. */
export function ticketIn({ pattern, exists_in: tracker }: Ticket, text: string): string | null {
  const compiled = ticketPattern(pattern);
  const key = compiled.ok ? compiled.value.first(text) : null;
  // Stryker disable next-line ConditionalExpression: nothing is null, tried or not
  return key !== null && KEY[tracker ?? 'anywhere'].test(key) ? key : null;
}

const LIKE_A_TICKET = /(?<![\p{L}\p{N}_])[A-Z][A-Z0-9_]{0,30}-[0-9]{1,12}(?![\p{L}\p{N}_])/u;
/** What anybody would take for the key of a ticket, of whichever project. */
export const likeATicket = (text: string): string | null => LIKE_A_TICKET.exec(text)?.[0] ?? null;

export const ticketOf = (rule: Rule): Ticket | undefined =>
  'justification' in rule ? rule.justification?.ticket : undefined;

/** The ticket of an ask that this rule (its id) decided; null where it wants none. */
export function ticketAsked(policy: Policy, ruleId: string, text: string): string | null {
  const rule = policy.rules.find(({ id }) => id === ruleId);
  const ticket = rule && ticketOf(rule);
  return ticket ? ticketIn(ticket, text) : null;
}

export type KeptTicket = { readonly tracker: Tracker; readonly key: string };
/** How a kept ticket is named among the facts. */
export const ticketId = ({ tracker, key }: KeptTicket): string => `${tracker}:${key}`;

/**
 * The tickets whose standing an ask for this entitlement may depend on. `said`: the words of the ask, or the key that was recorded.
 */
export function ticketsConcerned(
  policy: Policy,
  entitlement: string,
  said: { readonly text: string } | { readonly key: string | null },
): readonly KeptTicket[] {
  return rulesCovering(policy, entitlement).flatMap((rule) => {
    const ticket = ticketOf(rule);
    const tracker = ticket?.exists_in;
    if (!ticket || !tracker) return [];
    const key = 'text' in said ? ticketIn(ticket, said.text) : said.key;
    return key === null ? [] : [{ tracker, key }];
  });
}

/** Where the ticket of a grant is kept, if access by this rule ends with it. */
export function endsWithTicket(policy: Policy, ruleId: string): Tracker | null {
  const rule = policy.rules.find(({ id }) => id === ruleId);
  const ticket = rule && ticketOf(rule);
  return (ticket?.ends_access && ticket.exists_in) || null;
}
