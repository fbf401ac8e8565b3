/** The holding's part of a decision's transaction: the list of live grants is written by the decision itself. */

import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { holdingIdOf } from '../domain/audit/chain.ts';
import { applyToHolding, concernsHolding } from '../domain/holding/apply-events.ts';
import { emptyHolding } from '../domain/holding/model.ts';
import type { GroupMembers } from '../domain/policy/members.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Journal, put, type Write } from '../ports.ts';
import { accountsOf } from './facts-for.ts';
import { ownMemberships } from './own-groups.ts';
import type { ActivePolicy } from './policies.ts';

export async function holdingWrite(
  journal: Journal,
  decision: {
    events: readonly AccessRequestEvent[];
    next: KnownRequest;
    active: ActivePolicy;
    /** Who is in the groups on which it rests. */
    groupMembers?: GroupMembers | undefined;
  },
): Promise<Result<Write[], { code: 'content-changed' }>> {
  const { events, next, active } = decision;
  if (!concernsHolding(events)) return ok([]);
  const { entitlement, holdingId, subject } = next;
  const { provider, kind, resource } = entitlement;
  const about = aboutGrant(next);
  const base = await journal.read('holding', holdingId);
  if (!events.some((event) => event.type === 'GrantAuthorized')) {
    if (!base.value)
      throw new Error(`${next.requestId} has no holding ${holdingId}: run audit verification.`);
    return ok([put(base, applyToHolding(base.value, about, events))]);
  }
  // The account that was approved must still be the one the policy names for this person.
  const login = accountsOf(active.policy, subject).find(([name]) => name === provider)?.[1];
  if (!login || holdingIdOf({ provider, kind, resource, login }) !== holdingId)
    return refuse({ code: 'content-changed' });
  const container = { provider, kind, resource };
  // Its login may have been erased since; the id says that it is this one.
  const holding = base.value
    ? { ...base.value, login, subject }
    : emptyHolding({ holdingId, container, login, subject });
  const known = (decision.groupMembers?.size ?? 0) > 0;
  const kept = { ...about, ...(known && { memberships: ownMemberships(decision) }) };
  return ok([put(base, applyToHolding(holding, kept, events))]);
}

/** What the holding keeps of a request beside the events themselves. */
export const aboutGrant = (request: KnownRequest) => ({
  role: request.entitlement.role,
  requester: request.requester,
  entitlementId: request.entitlement.id,
  ...(request.breakGlass && { breakGlass: true as const }),
});
