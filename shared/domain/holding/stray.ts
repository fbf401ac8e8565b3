/**
 * A stranger in an exclusive container, on the holding of that account: it shares the holding's one lock with every grant, so that
 * whatever is granted meanwhile wins. The removal itself is ensure's ordinary one. Pure.
 */
import type { Observed, PlanFacts } from './facts.ts';
import type { Holding, Stray } from './model.ts';

export type StrayEnd =
  | { result: 'removed' }
  | { result: 'kept'; why: 'granted' | 'not-exclusive' | 'gone' | 'late' | 'machine' | 'refused' };

/** The account that calls about this holding go to; null: the login has to be looked up. */
export const accountDriven = ({ stray, grants, accountId }: Holding): string | null =>
  stray && grants.length === 0 ? stray.accountId : accountId;

export const withoutStray = ({ stray: _, ...holding }: Holding): Holding => holding;

/** Something of ours is there, on its way, or may be: what it accounts for is no stranger's. */
export const isOursNow = ({ grants, ours, intents }: Holding): boolean =>
  grants.length > 0 || ours !== null || intents.length > 0;

/** Nothing is issued any more: what is open is only watched to its end. */
const isOver = ({ until }: Stray, facts: PlanFacts): boolean =>
  !facts.exclusive || until <= facts.now.toISOString();

/** May a removal be issued on the strength of the mark? True where there is none: grants have their own rules. */
export const mayLower = ({ stray }: Holding, facts: PlanFacts): boolean =>
  stray === undefined || !isOver(stray, facts);

/** How a mark ends without looking at the provider, or null while it stands. */
export function endUnseen(holding: Holding, facts: PlanFacts): StrayEnd | null {
  const { stray, grants, intents } = holding;
  if (!stray) return null;
  if (grants.length > 0) return { result: 'kept', why: 'granted' };
  if (intents.length > 0 || !isOver(stray, facts)) return null;
  return { result: 'kept', why: facts.exclusive ? 'late' : 'not-exclusive' };
}

/** How a mark ends by what was read, or null while they are a member still or a call of ours is open. */
export function endSeen(holding: Holding, facts: Observed): StrayEnd | null {
  const { stray, intents } = holding;
  const { role, direct } = facts.observation.membership;
  if (!stray || intents.length > 0 || (direct && role !== null)) return null;
  return stray.issued ? { result: 'removed' } : { result: 'kept', why: 'gone' };
}

/** Whoever was granted something is known; an account that the policy does not know only ever leaves. */
export function holderOf({ holdingId, subject }: Holding): string {
  if (subject === null) throw new Error(`${holdingId} belongs to nobody whom a grant could name`);
  return subject;
}
