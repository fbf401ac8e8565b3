/** Who asks, for whom, and for what: all of it must be in the policy, and the people must be who they say. */
import { ok, type Result, refuse } from '../../result.ts';
import { type Cast, castOf } from '../cast.ts';
import { membersOf } from '../members.ts';
import type { Entitlement, Policy } from '../policy.ts';
import type { PolicyRefusal } from '../refusal.ts';
import type { Ask, PolicyFacts, Rigour } from '../verdict.ts';

export type Found = { readonly cast: Cast; readonly entitlement: Entitlement };

export function whoAndWhat(
  policy: Policy,
  ask: Ask,
  facts: PolicyFacts,
  rigour: Rigour,
): Result<Found, PolicyRefusal> {
  const cast = castOf(policy, ask, { ...facts, need: rigour.evidence });
  if (!cast.ok) return cast;
  const entitlement = membersOf(policy).entitlements.get(ask.entitlement);
  if (!entitlement) return refuse({ code: 'unknown-entitlement', entitlement: ask.entitlement });
  const { roles, provider } = entitlement;
  if (!roles.includes(ask.role))
    return refuse({
      code: 'unknown-role',
      entitlement: ask.entitlement,
      role: ask.role,
      roles,
    });
  if (facts.reachableProviders && !facts.reachableProviders.has(provider))
    return refuse({ code: 'provider-not-configured', provider });
  if (!cast.value.subject.member.accounts.has(provider))
    return refuse({ code: 'no-account', provider, person: ask.subject });
  return ok({ cast: cast.value, entitlement });
}
