/**
 * What the ticket of a request is called in its tracker, for who decides about it: read with the answer that the decision rests on, shown
 * as words and never decided by. Null where no rule looks tickets up, and where the tracker says nothing.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import { ticketsConcerned } from '../domain/policy/ticket.ts';
import { Fault } from '../ports.ts';
import type { FactsDeps } from './facts-for.ts';

export type TitledTicket = { readonly key: string; readonly title: string };

const LONGEST = 200;

export async function ticketTitle(
  { policies, tickets, clock }: Pick<FactsDeps, 'policies' | 'tickets' | 'clock'>,
  { ticket: key, entitlement }: KnownRequest,
): Promise<TitledTicket | null> {
  if (key === null || !tickets) return null;
  const active = await policies.active();
  const [kept] = active ? ticketsConcerned(active.policy, entitlement.id, { key }) : [];
  if (!kept) return null;
  try {
    const title = (await tickets.title(kept.tracker, key, clock.now()))?.trim() ?? '';
    return title === '' ? null : { key, title: cut(title) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // The decision says that the tracker is silent; a title is no reason to say it.
    return null;
  }
}

const cut = (title: string): string =>
  title.length <= LONGEST ? title : `${title.slice(0, LONGEST).replace(/\p{Cs}$/u, '')}…`;
