/** What a decision about a request changes on the holding, in the same transaction. Pure. */
import type { AccessRequestEvent } from '../access-request/events.ts';
import type { Holding, HoldingGrant } from './model.ts';

type GrantOf = Pick<
  HoldingGrant,
  'role' | 'requester' | 'entitlementId' | 'breakGlass' | 'memberships'
>;

/** Folds request events of one grant into its holding. Events that do not concern access change nothing. */
export function applyToHolding(
  holding: Holding,
  grant: GrantOf,
  events: readonly AccessRequestEvent[],
): Holding {
  return events.reduce((now, event) => applyOne(now, grant, event), holding);
}

/** True when the events touch what ensure drives, so the holding belongs into the transaction. */
export const concernsHolding = (events: readonly AccessRequestEvent[]): boolean =>
  events.some((event) => CONCERNED.has(event.type));

const CONCERNED = new Set<AccessRequestEvent['type']>([
  'GrantAuthorized',
  'GrantActivated',
  'ActivationFailed',
  'GrantExtended',
  'GrantExpired',
  'GrantRevoked',
  'GrantRemoved',
]);

function applyOne(holding: Holding, about: GrantOf, event: AccessRequestEvent): Holding {
  const grantId = event.requestId;
  switch (event.type) {
    case 'GrantAuthorized':
      return woken(holding, event.at, [
        ...holding.grants.filter((grant) => grant.grantId !== grantId),
        {
          grantId,
          ...about,
          policyHash: event.policyHash,
          approvers: event.approvers,
          expiresAt: event.expiresAt,
          authorizedAt: event.at,
          phase: 'activating',
          endedAt: null,
          issued: false,
          scheduledFor: null,
        },
      ]);
    case 'GrantActivated':
      return { ...holding, grants: change(holding, grantId, { phase: 'active' }) };
    case 'GrantExtended':
      return woken(holding, event.at, change(holding, grantId, { expiresAt: event.expiresAt }));
    case 'GrantExpired':
    case 'GrantRevoked':
      return woken(
        holding,
        event.at,
        change(holding, grantId, { phase: 'removing', endedAt: event.at }),
      );
    case 'ActivationFailed':
    case 'GrantRemoved':
      return forgotten(holding, grantId, event.at);
    default:
      return holding;
  }
}

/** A decision changed what is wanted: look at once, whatever an earlier fault asked to wait for. */
const woken = (holding: Holding, at: string, grants: HoldingGrant[]): Holding => ({
  ...holding,
  grants,
  attempts: 0,
  nextAttemptAt: null,
  dueAt: holding.dueAt !== null && holding.dueAt < at ? holding.dueAt : at,
});

const change = (holding: Holding, grantId: string, part: Partial<HoldingGrant>): HoldingGrant[] =>
  holding.grants.map((grant) => (grant.grantId === grantId ? { ...grant, ...part } : grant));

function forgotten(holding: Holding, grantId: string, at: string): Holding {
  const grant = holding.grants.find((each) => each.grantId === grantId);
  const early = grant?.scheduledFor != null && at < grant.scheduledFor;
  return {
    ...holding,
    grants: holding.grants.filter((each) => each.grantId !== grantId),
    staleSchedules: early ? [...holding.staleSchedules, grantId] : holding.staleSchedules,
  };
}
