/** The X-ray's first page: every request in a line, what happens next by time alone, and which faults wait. */
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import type { Holding } from '../../shared/domain/holding/model.ts';
import { FaultKind, type Faults, FaultTarget } from '../faults.ts';
import type { NameOf } from './sentence-parts.ts';
import type { NextEvent, Overview, RequestSummary } from './shapes.ts';

const MOST_REQUESTS = 50;

export function summaryOf(request: KnownRequest, nameOf: NameOf): RequestSummary {
  const { provider, resource, role } = request.entitlement;
  return {
    id: request.requestId,
    status: request.status,
    requester: request.requester,
    requesterName: nameOf(request.requester),
    ...{ provider, resource, role },
    durationSeconds: 'grantSeconds' in request ? request.grantSeconds : request.durationSeconds,
    requestedAt: request.requestedAt,
    expiresAt: 'expiresAt' in request ? request.expiresAt : null,
    approvals: request.approvals.length,
    approvalsNeeded: request.approvalsNeeded,
    version: request.version,
  };
}

export const newestFirst = (requests: readonly KnownRequest[]): KnownRequest[] =>
  [...requests].sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1)).slice(0, MOST_REQUESTS);

/** The next instant at which time alone changes something for a person. */
export function nextEvent(
  state: { requests: readonly KnownRequest[]; holdings: readonly Holding[] },
  now: Date,
): NextEvent | null {
  const ends = state.requests.flatMap((request): NextEvent[] => {
    if (request.status === 'pending')
      return [{ at: request.lapsesAt, what: `${request.requestId} lapses` }];
    const lives = request.status === 'active' || request.status === 'activating';
    return lives ? [{ at: request.expiresAt, what: `${request.requestId} ends` }] : [];
  });
  const tries = state.holdings.flatMap(({ nextAttemptAt, container }): NextEvent[] =>
    nextAttemptAt === null ? [] : [{ at: nextAttemptAt, what: `${container.provider}: next try` }],
  );
  const coming = [...ends, ...tries].filter(({ at }) => Date.parse(at) > now.getTime());
  return coming.sort((a, b) => (a.at < b.at ? -1 : 1))[0] ?? null;
}

export const faultsShown = (faults: Faults): Overview['faults'] => ({
  active: faults.list(),
  targets: [...FaultTarget.options],
  operations: ['*', 'read', 'add', 'remove'],
  kinds: [...FaultKind.options],
});
