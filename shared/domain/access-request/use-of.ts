/** What one request is to the policy's counts: whether it waits or lives, when it was denied, and the time of access it gave or gives. */

import type { Use } from '../policy/usage.ts';
import { unreachable } from '../result.ts';
import type { KnownRequest } from './model.ts';

export function useOf(request: KnownRequest, now: Date): Use {
  const { requestId, requester, subject, entitlement, requestedAt } = request;
  return {
    ...{ requestId, requester, subject, requestedAt },
    entitlement: entitlement.id,
    deniedAt: request.status === 'denied' ? request.closedAt : null,
    auto: request.approvalsNeeded === 0 && request.breakGlass === null,
    ...standingOf(request, now.toISOString()),
  };
}

function standingOf(request: KnownRequest, now: string): Pick<Use, 'status' | 'held'> {
  switch (request.status) {
    case 'pending':
      return { status: 'waiting', held: null };
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
    case 'not-started':
      return { status: 'over', held: null };
    case 'scheduled':
      return { status: 'live', held: ahead(request) };
    case 'activating':
    case 'active':
      return {
        status: 'live',
        held: { from: request.authorizedAt, to: later(request.expiresAt, now) },
      };
    case 'removing':
      return {
        status: 'live',
        held: { from: request.authorizedAt, to: later(request.endedAt, now) },
      };
    case 'ended':
      return {
        status: 'over',
        // What never was active may have been given all the same, where the provider's answer was lost.
        held:
          request.outcome === 'never-granted' && request.activatedAt === null
            ? null
            : { from: request.authorizedAt, to: request.removedAt },
      };
    case 'failed':
      return { status: 'over', held: { from: request.authorizedAt, to: request.failedAt } };
    default:
      return unreachable(request);
  }
}

const later = (one: string, other: string): string => (one > other ? one : other);

/** Approved ahead: somewhere from its start to the end of its window. */
function ahead({
  start,
  scheduledAt,
  grantSeconds,
}: Extract<KnownRequest, { status: 'scheduled' }>) {
  const from = start?.notBefore ?? scheduledAt;
  const to = new Date(Date.parse(from) + grantSeconds * 1000).toISOString();
  return { from, to: later(start?.until ?? to, to) };
}
