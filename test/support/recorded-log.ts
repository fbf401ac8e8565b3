/**
 * A sealed log of requests in every state that there is, and records that say what their events lead to: one of each request, and
 * one of the holding that lists the live grants among them.
 */
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { applyToHolding } from '../../shared/domain/holding/apply-events.ts';
import { type AuditLog, auditLog, instant, type Keys } from './audit-fixture.ts';
import { HISTORIES, holding } from './samples.ts';

const GRANT = { role: 'member', requester: 'U0ANA', entitlementId: 'github:acme/deployers' };
export const HOLDING = `holding#${holding().holdingId}`;
export const REQUESTS = Object.values(HISTORIES)
  .filter((events) => events.length > 0)
  .map((events, i) => {
    const requestId = `AR-${String(i + 1).padStart(6, '0')}`;
    const own = events.map((event, n) => ({ ...event, requestId, at: instant(n + 1) }));
    return { chain: `request#${requestId}`, requestId, events: own, state: replay(own) };
  });
export const HELD = REQUESTS.reduce(
  (held, { events }) => applyToHolding(held, GRANT, events),
  holding(),
);

export function recordedLog(keys: Keys): AuditLog {
  const stories = REQUESTS.map(({ chain, events }) => {
    return [chain, events.map((event, n) => ({ minute: n + 1, event }))] as const;
  });
  const log = auditLog(keys, new Map(stories));
  for (const { chain, state } of REQUESTS) setValue(log, chain, state);
  log.heads.set(HOLDING, { chain: HOLDING, seq: 0, hash: '0'.repeat(64), value: HELD });
  log.policies.clear();
  return log;
}

/** What the record of a chain says, left alone where the chain stands. */
export function setValue(log: AuditLog, chain: string, value: unknown): void {
  const head = log.heads.get(chain);
  if (!head) throw new Error(chain);
  log.heads.set(chain, { ...head, value });
}
