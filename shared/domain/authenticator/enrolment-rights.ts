/**
 * Who may get an authenticator, and who may answer for somebody. Pure; the policies in force and fresh evidence arrive as facts. While
 * a wider file waits both must allow it.
 */
import { type CastFacts, playerOf, type Unproven, unproven } from '../policy/cast.ts';
import type { IdentityFacts } from '../policy/identity.ts';
import { barredByAny, type InForce, sameHumanBy } from '../policy/in-force.ts';
import { membersOf, selects } from '../policy/members.ts';
import type { Policy } from '../policy/policy.ts';
import { rolesOf } from '../policy/roles.ts';

/** No full member of the workspace whom the policy lists, or not known to be one. */
export type Stranger = { code: 'unknown-person'; person: string } | Unproven;
export type RightsRefusal =
  | Stranger
  | { code: 'self-vouch' }
  /** Another account of the same human. */
  | { code: 'same-human' }
  | { code: 'not-a-voucher'; vouchers: readonly string[] };
export type RightsFacts = CastFacts & IdentityFacts;

const ADMIN_ROLE = 'admin';

export const isAdmin = (policies: InForce, slack: string): boolean =>
  policies.every((policy) => rolesOf(policy, slack).has(ADMIN_ROLE));

/** Null: a full member of the workspace whom the policy lists. */
export function barredFromEnrolment(
  policies: InForce,
  owner: string,
  facts: RightsFacts,
): Stranger | null {
  const unlisted = barredByAny(policies, (policy) =>
    playerOf(policy, owner, facts) ? null : { code: 'unknown-person' as const, person: owner },
  );
  return unlisted ?? unproven(owner, facts, 'fresh');
}

/** Somebody whose approval a rule accepts, or an admin. */
function isVoucher(policy: Policy, slack: string, facts: CastFacts): boolean {
  const player = playerOf(policy, slack, facts);
  if (!player) return false;
  if (player.roles.has(ADMIN_ROLE)) return true;
  return policy.rules.some(
    (rule) =>
      'approvals' in rule &&
      rule.approvals.some(({ from }) => selects(from, player.member, player.roles)),
  );
}

/** Slack ids of the people who may vouch for this person, in the order of the policy. */
export const vouchersFor = (policies: InForce, owner: string, facts: RightsFacts): string[] => {
  const isSame = sameHumanBy(policies, facts);
  return [...membersOf(policies[0]).bySlack.keys()].filter(
    (slack) => !isSame(slack, owner) && policies.every((policy) => isVoucher(policy, slack, facts)),
  );
};

/** Null: may vouch. Never for oneself, in no disguise. */
export function barredFromVouching(
  policies: InForce,
  pair: { voucher: string; owner: string },
  facts: RightsFacts,
): RightsRefusal | null {
  const { voucher, owner } = pair;
  if (voucher === owner) return { code: 'self-vouch' };
  const refusal = barredFromEnrolment(policies, voucher, facts);
  if (refusal) return refusal;
  if (sameHumanBy(policies, facts)(voucher, owner)) return { code: 'same-human' };
  return policies.every((policy) => isVoucher(policy, voucher, facts))
    ? null
    : { code: 'not-a-voucher', vouchers: vouchersFor(policies, owner, facts) };
}
