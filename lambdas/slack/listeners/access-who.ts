/**
 * `/access who TARGET [role]`: who holds it through Hallpass, who asked, who may decide. Only for what the policy lets the asker
 * ask for or decide about; anything else is answered like a name that does not exist. Asks one index and who is in the policy's groups,
 * no provider.
 */
import { allGroupFacts } from '../../../shared/application/group-facts.ts';
import { standingIn } from '../../../shared/application/standing.ts';
import { closest } from '../../../shared/domain/policy/catalog.ts';
import { unknownGroups } from '../../../shared/domain/policy/groups.ts';
import { inForce } from '../../../shared/domain/policy/in-force.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import type { Entitlement } from '../../../shared/domain/policy/policy.ts';
import { decidersOf, visibleTo } from '../../../shared/domain/policy/who.ts';
import type { Act } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { CommandBody } from '../payloads.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { whoMessage } from '../views/who.ts';

const LOOKED_AT = 300;
const LONGEST_TYPED = 80;
const ROLES_LISTED = 3;

export async function who(act: Act<CommandBody>, deps: SlackDeps, rest: string): Promise<Message> {
  const now = deps.clock.now();
  const active = await deps.policies.active();
  if (!active) return refusalMessage({ code: 'policy-unavailable' }, now);
  const { policy } = active;
  const groups = await allGroupFacts(deps, policy);
  const [visible = [], ...also] = inForce(active).map((file) =>
    visibleTo(file, act.body.user_id, groups),
  );
  const seen = visible.filter((id) => also.every((ids) => ids.includes(id)));
  const typed = rest.split(/\s+/).filter((word) => word !== '');
  const target = seen.find((id) => id === typed[0]);
  const entitlement = target === undefined ? undefined : membersOf(policy).entitlements.get(target);
  if (target === undefined || !entitlement)
    return refusalMessage(noSuchTarget(typed[0], seen), now);
  const refusal = misread(entitlement, typed.slice(1));
  if (refusal) return refusalMessage(refusal, now);
  const role = typed[1] ?? null;
  const standing = await standingIn(deps.journal, entitlement, LOOKED_AT);
  const deciders = decidersOf(policy, target, groups);
  const unknown = unknownGroups(policy, target, groups);
  return whoMessage({ target, role, standing, deciders, unknownGroups: unknown });
}

const noSuchTarget = (typed: string | undefined, visible: readonly string[]): AnyRefusal =>
  typed === undefined
    ? { code: 'who-of-what', offered: visible.slice(0, 20) }
    : notThere('target', typed, closest(typed, visible));

function misread({ roles }: Entitlement, typed: readonly string[]): AnyRefusal | null {
  const [role, extra] = typed;
  if (role !== undefined && !roles.includes(role)) {
    const near = closest(role, roles);
    return notThere('role', role, near.length > 0 ? near : roles.slice(0, ROLES_LISTED));
  }
  return extra === undefined ? null : notThere('role', `${role} ${extra}`, []);
}

const notThere = (
  part: 'target' | 'role',
  typed: string,
  didYouMean: readonly string[],
): AnyRefusal => ({ code: 'not-visible', part, typed: typed.slice(0, LONGEST_TYPED), didYouMean });
