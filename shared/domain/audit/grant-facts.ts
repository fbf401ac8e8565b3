/** What a holding says of each request whose access is being set up, live or being taken away, as far as the request's events decide it. */
import type { AccessRequest } from '../access-request/model.ts';
import type { Holding, HoldingGrant } from '../holding/model.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a request's state does not keep of how it was authorized, and its grant does. */
export type Authorized = Pick<HoldingGrant, 'policyHash' | 'approvers'>;

type GrantFacts = Authorized &
  Pick<HoldingGrant, 'grantId' | 'role' | 'requester' | 'entitlementId' | 'breakGlass'> &
  Pick<HoldingGrant, 'authorizedAt' | 'expiresAt' | 'phase' | 'endedAt'> &
  Pick<Holding, 'subject'> & {
    readonly container: Omit<Holding['container'], 'id'>;
  };

/** Null where no holding has to list the request. */
export function grantOf(state: AccessRequest, authorized: Authorized): GrantFacts | null {
  if (state.status !== 'activating' && state.status !== 'active' && state.status !== 'removing')
    return null;
  const { provider, kind, resource, role, id } = state.entitlement;
  return {
    ...{ grantId: state.requestId, requester: state.requester, subject: state.subject },
    ...{ role, entitlementId: id, container: { provider, kind, resource } },
    ...{ policyHash: authorized.policyHash, approvers: authorized.approvers },
    ...(state.breakGlass && { breakGlass: true as const }),
    authorizedAt: state.authorizedAt,
    expiresAt: state.expiresAt,
    phase: state.status,
    endedAt: state.status === 'removing' ? state.endedAt : null,
  };
}

/** The same facts, the same texts; `unheld`: whoever holds them. */
export function grantTexts(facts: GrantFacts): { text: string; unheld: string } {
  const { grantId, role, requester, subject, entitlementId, container } = facts;
  const { policyHash, approvers, breakGlass, authorizedAt, expiresAt, phase, endedAt } = facts;
  const unheld = canonicalJson({
    ...{ grantId, role, requester, entitlementId, container },
    ...{ policyHash, approvers, breakGlass: breakGlass ?? false },
    ...{ authorizedAt, expiresAt, phase, endedAt },
  });
  return { text: canonicalJson({ subject, unheld }), unheld };
}
