/** Who may get an authenticator, and who may answer for somebody. Pure; the policy and fresh evidence arrive as facts. */
import { type CastFacts, playerOf, type Unproven, unproven } from '../policy/cast.ts';
import { humansOf, type IdentityFacts } from '../policy/identity.ts';
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

export const isAdmin = (policy: Policy, slack: string): boolean =>
  rolesOf(policy, slack).has(ADMIN_ROLE);

/** Null: a full member of the workspace whom the policy lists. */
export function barredFromEnrolment(
  policy: Policy,
  owner: string,
  facts: RightsFacts,
): Stranger | null {
  if (!playerOf(policy, owner, facts)) return { code: 'unknown-person', person: owner };
  return unproven(owner, facts, 'fresh');
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
export const vouchersFor = (policy: Policy, owner: string, facts: RightsFacts): string[] => {
  const humanOf = humansOf(policy, facts);
  return [...membersOf(policy).bySlack.keys()].filter(
    (slack) => humanOf(slack) !== humanOf(owner) && isVoucher(policy, slack, facts),
  );
};

/** Null: may vouch. Never for oneself, in no disguise. */
export function barredFromVouching(
  policy: Policy,
  pair: { voucher: string; owner: string },
  facts: RightsFacts,
): RightsRefusal | null {
  const { voucher, owner } = pair;
  if (voucher === owner) return { code: 'self-vouch' };
  const refusal = barredFromEnrolment(policy, voucher, facts);
  if (refusal) return refusal;
  const humanOf = humansOf(policy, facts);
  if (humanOf(voucher) === humanOf(owner)) return { code: 'same-human' };
  return isVoucher(policy, voucher, facts)
    ? null
    : { code: 'not-a-voucher', vouchers: vouchersFor(policy, owner, facts) };
}
