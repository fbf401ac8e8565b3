/**
 * A sealed log of requests in every state that there is, and records that say what their events lead to: one of each request, and
 * one of the holding that lists the live grants among them.
 */
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';
import { applyToHolding } from '../../shared/domain/holding/apply-events.ts';
import type { Holding, HoldingEvent } from '../../shared/domain/holding/model.ts';
import { type AuditLog, auditLog, instant, type Keys } from './audit-fixture.ts';
import { HISTORIES, holding } from './samples.ts';

const GRANT = { role: 'member', requester: 'U0ANA', entitlementId: 'github:acme/deployers' };
const LOGIN = 'ana-dev';
export const HOLDING_ID = holdingIdOf({ ...holding().container, login: LOGIN });
export const HOLDING = `holding#${HOLDING_ID}`;
export const REQUESTS = Object.values(HISTORIES)
  .filter((events) => events.length > 0)
  .map((events, i) => {
    const requestId = `AR-${String(i + 1).padStart(6, '0')}`;
    const own = events.map((event, n) => {
      const moved = { ...event, requestId, at: instant(n + 1) };
      return 'holdingId' in moved ? { ...moved, holdingId: HOLDING_ID } : moved;
    });
    return { chain: `request#${requestId}`, requestId, events: own, state: replay(own) };
  });

/** What ensure did for the grants: one call is over, one is open. */
const about = (minute: number) => ({
  ...{ v: 1 as const, holdingId: HOLDING_ID, at: instant(minute) },
  actor: { kind: 'ensure' as const },
});
const issued = { grantIds: [], fence: 1 };
const baseline = { role: null, direct: false, until: null };
export const HELD_EVENTS: readonly HoldingEvent[] = [
  { type: 'AccountPinned', ...about(1), accountId: '4711' },
  {
    type: 'BaselineCaptured',
    ...about(2),
    membership: { ...baseline, role: 'owner' },
    observedAt: instant(2),
  },
  { type: 'HoldingCleared', ...about(3), observedAt: instant(3) },
  { type: 'BaselineCaptured', ...about(4), membership: baseline, observedAt: instant(4) },
  { type: 'IntentIssued', ...about(5), intentId: 'one', kind: 'add', role: 'member', ...issued },
  { type: 'IntentClosed', ...about(6), intentId: 'one', result: 'confirmed' },
  { type: 'IntentIssued', ...about(7), intentId: 'two', kind: 'remove', role: null, ...issued },
];
const STARTED: Holding = {
  ...holding({ holdingId: HOLDING_ID, login: LOGIN, accountId: '4711', baseline, ours: 'member' }),
  intents: [{ intentId: 'two', kind: 'remove', role: null, issuedAt: instant(7), answer: 'open' }],
};
export const HELD = REQUESTS.reduce(
  (held, { events }) => applyToHolding(held, GRANT, events),
  STARTED,
);

export function recordedLog(keys: Keys): AuditLog {
  return logOf(keys, REQUESTS, HELD);
}

/** These requests, and what the holding that lists them says. */
export function logOf(keys: Keys, requests: typeof REQUESTS, held: Holding): AuditLog {
  const stories = [...requests, { chain: HOLDING, events: HELD_EVENTS }].map(
    ({ chain, events }) =>
      [chain, events.map((event, n) => ({ minute: n + 1, event: { ...event } }))] as const,
  );
  const log = auditLog(keys, new Map(stories));
  for (const { chain, state } of requests) setValue(log, chain, state);
  setValue(log, HOLDING, held);
  log.policies.clear();
  return log;
}

/** What the record of a chain says, left alone where the chain stands. */
export function setValue(log: AuditLog, chain: string, value: unknown): void {
  const head = log.heads.get(chain);
  if (!head) throw new Error(chain);
  log.heads.set(chain, { ...head, value });
}
