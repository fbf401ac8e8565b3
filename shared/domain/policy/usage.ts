/**
 * What the humans of an ask did and hold: what limits, budgets and separation of duties count. A fact like any other: the shell
 * reads it exactly and commits the decision only while it still holds.
 */
import { humansOf, type IdentityFacts } from './identity.ts';
import type { Policy } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';

export type Use = {
  readonly requestId: string;
  /** Slack ids. */
  readonly requester: string;
  readonly subject: string;
  readonly entitlement: string;
  /** `waiting`: nobody decided yet. `live`: authorized, and not known to be gone from the provider. */
  readonly status: 'waiting' | 'live' | 'over';
  readonly requestedAt: string;
  readonly deniedAt: string | null;
  /** The time of access: up to its end when it is over, else up to the end it has now. Null where there was none. */
  readonly held: { readonly from: string; readonly to: string } | null;
  /** Authorized without an approver. */
  readonly auto: boolean;
};

/**
 * Does an ask for this entitlement depend on what people did before, or a later one on this? Limits count asks for whatever; a budget
 * counts grants without an approver, which only entitlements of a rule that has one ever give.
 */
export const countsUse = (policy: Policy, entitlement: string): boolean =>
  policy.limits !== undefined ||
  (policy.separation?.length ?? 0) > 0 ||
  policy.rules.some((rule) => 'approvals' in rule && rule.limits) ||
  rulesCovering(policy, entitlement).some((rule) => 'approvals' in rule && rule.auto_approve);

/** The uses in which one of these people (Slack ids), or another account of the same human, has the part. */
export function usesOf(
  uses: readonly Use[],
  people: readonly string[],
  by: { policy: Policy; facts: IdentityFacts; part: readonly ('requester' | 'subject')[] },
): readonly Use[] {
  const humanOf = humansOf(by.policy, by.facts);
  const humans = new Set(people.map(humanOf));
  return uses.filter((use) => by.part.some((part) => humans.has(humanOf(use[part]))));
}
