/** What `plan` is told, and the two questions about a holding that several of its parts ask. */
import type { Holding, HoldingGrant, Membership } from './model.ts';
import { rankOf, strongest } from './roles.ts';
import { TIMING } from './timing.ts';

export type Observation = { membership: Membership; startedAt: string };

export type PlanFacts = {
  now: Date;
  /** Read in this run after the last write of this run; null when a fresh read is needed. */
  observation: Observation | null;
  /** Grants that the active policy still allows. */
  allowed: ReadonlySet<string>;
  /** New access is paused (for this provider or for all). */
  paused: boolean;
  /** The bot owns the container: nobody has access by other means. */
  exclusive: boolean;
  /** Roles of the container, weakest first. */
  roles: readonly string[];
  /** Seconds after which an issued call can no longer take effect. */
  inflightSeconds: number;
  /** The account was looked up in this run. */
  accountKnown: boolean;
};

export type Observed = PlanFacts & { observation: Observation };

/** Grants that may hold access now. */
export const liveGrants = (holding: Holding): HoldingGrant[] =>
  holding.grants.filter((grant) => grant.phase !== 'removing');

/**
 * Whether what is seen was, or may have been, written by our own intents: held directly and not above
 * the strongest role that we wrote. Anything else is a human's change and is left alone.
 */
export function isOurs(holding: Holding, facts: Observed): boolean {
  const { role, direct } = facts.observation.membership;
  if (!direct || role === null) return false;
  if (facts.exclusive) return true;
  const rank = rankOf(facts.roles);
  return rank(role) <= rank(writtenRole(holding, facts));
}

/** The strongest role that our own intents wrote, or may have written. */
export const writtenRole = (holding: Holding, facts: PlanFacts): string | null =>
  strongest(facts.roles, [holding.ours, ...holding.intents.map((intent) => intent.role)]);

/**
 * A read that began so soon after our last write may still show what was there before it, even though an earlier
 * one showed the write: a provider's replicas differ.
 */
export function mayLag(holding: Holding, facts: Observed): boolean {
  return Date.parse(facts.observation.startedAt) < overMs(lastWriteMs(holding), facts);
}

/** When a call whose intent was issued then can no longer take effect. */
export const overMs = (issuedMs: number, facts: PlanFacts): number =>
  issuedMs + (TIMING.issueSeconds + facts.inflightSeconds) * 1000;

/** When our last intent was issued: it opened the settle window. */
export const lastWriteMs = (holding: Holding): number =>
  holding.settleUntil === null
    ? Number.NEGATIVE_INFINITY
    : Date.parse(holding.settleUntil) - TIMING.settleSeconds * 1000;
