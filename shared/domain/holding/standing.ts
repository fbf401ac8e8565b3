/**
 * What an account has by other means, now. Providers that end memberships themselves (GitLab's `expires_at`) make it
 * change with time: a baseline may have run out meanwhile, and the end that we set as a dead-man switch must neither
 * fire before the grant's end nor stay behind on what was there before. Pure.
 */
import { isOurs, mayLag, type Observed, type PlanFacts } from './facts.ts';
import type { Holding, HoldingGrant, Membership } from './model.ts';
import { strongest } from './roles.ts';
import { TIMING } from './timing.ts';

/** The baseline as it would be today without us: what the provider would have ended by itself counts no more. */
export function standing(holding: Holding, facts: PlanFacts): Membership | null {
  const { baseline } = holding;
  if (baseline?.until == null || baseline.until > facts.now.toISOString()) return baseline;
  return { role: baseline.inherited ?? null, direct: false, until: null };
}

/** The strongest role of a membership, inherited ones included. */
export const heldRole = (roles: readonly string[], membership: Membership | null): string | null =>
  strongest(roles, [membership?.role ?? null, membership?.inherited ?? null]);

/** The grants for whose end the provider's own end of what we gave comes too early. */
export function cutShort(
  holding: Holding,
  facts: Observed,
  live: readonly HoldingGrant[],
): HoldingGrant[] {
  const { role, until } = facts.observation.membership;
  // What a lagging read shows may be the end from before our last write.
  if (until === null || !isOurs(holding, facts) || mayLag(holding, facts)) return [];
  const soon = new Date(facts.now.getTime() + TIMING.httpTimeoutSeconds * 1000).toISOString();
  const same = live.filter((grant) => grant.role === role && grant.expiresAt > soon);
  return same.some((grant) => grant.expiresAt > until) ? same : [];
}

/** The longest that a provider's own end may lie after the grant's: dates are whole days. */
const ROUNDING_MS = 48 * 3600_000;

/**
 * Somebody took back the role by hand, and the end that we had set stayed: it would end what the account had before
 * us. Recognised by its place shortly after the end of the grant that it belonged to.
 */
export function leftSwitch(holding: Holding, facts: Observed): Membership | null {
  const base = standing(holding, facts);
  const seen = facts.observation.membership;
  if (!base?.direct || !seen.direct || seen.role !== base.role || seen.until === null) return null;
  if (seen.until === base.until || holding.ours === null) return null;
  const setAt = Date.parse(seen.until);
  const belongs = holding.grants.some(({ phase, expiresAt }) => {
    const end = Date.parse(expiresAt);
    return phase === 'removing' && setAt >= end && setAt <= end + ROUNDING_MS;
  });
  return belongs ? base : null;
}
