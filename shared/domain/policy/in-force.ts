/**
 * What the product itself lets people do by a role (switches, resets, ending what others hold), while a wider file waits: the file in
 * force and the one that waits must both allow it, as for every right, so that what a change takes away is gone at once. Pure.
 */
import { humansOf, type IdentityFacts } from './identity.ts';
import type { Policy } from './policy.ts';

/** The file in force first, then the one that waits for its delay. */
export type InForce = readonly [Policy, ...Policy[]];

export const inForce = (active: {
  readonly policy: Policy;
  readonly pending?: { readonly policy: Policy };
}): InForce => (active.pending ? [active.policy, active.pending.policy] : [active.policy]);

/** What the first of them says against it; null: none does. */
export function barredByAny<R>(policies: InForce, barred: (policy: Policy) => R | null): R | null {
  for (const policy of policies) {
    const refusal = barred(policy);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Two accounts are one human as soon as any of them says so. */
export function sameHumanBy(
  policies: InForce,
  facts: IdentityFacts,
): (one: string, other: string) => boolean {
  const tellers = policies.map((policy) => humansOf(policy, facts));
  return (one, other) => tellers.some((humanOf) => humanOf(one) === humanOf(other));
}

/** The strictest of what they say. */
export const longestOf = (policies: InForce, seconds: (policy: Policy) => number): number =>
  Math.max(...policies.map(seconds));
