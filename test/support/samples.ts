/** Plausible records for tests, each with a way to change a part of it. */

import { replay } from '../../shared/domain/access-request/evolve.ts';
import type { AccessRequestEvent } from '../../shared/domain/access-request/model.ts';
import { emptyHolding, type Holding } from '../../shared/domain/holding/model.ts';

export const START = new Date('2026-03-02T09:00:00.000Z');
export const later = (seconds: number, from: Date = START): Date =>
  new Date(from.getTime() + seconds * 1000);
export const iso = (seconds = 0): string => later(seconds).toISOString();
const HASH = 'a'.repeat(64);

type Of<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;
const head = (at: string, id = 'AR-7K2M9Q') => ({ v: 1 as const, requestId: id, at });

export const asked = (part: Partial<Of<'AccessRequested'>> = {}): Of<'AccessRequested'> => ({
  type: 'AccessRequested',
  ...head(iso()),
  actor: { kind: 'person', id: 'U0ANA' },
  requester: 'U0ANA',
  subject: 'U0ANA',
  entitlement: {
    id: 'github:acme/deployers',
    provider: 'github',
    kind: 'team',
    resource: 'acme/deployers',
    role: 'member',
  },
  holdingId: 'github:team:acme/deployers:0011223344556677',
  durationSeconds: 7200,
  justification: `sha256:${HASH}`,
  contentHash: HASH,
  rule: 'prod-deploy',
  policyHash: HASH,
  approvalsNeeded: 1,
  codeFrom: { requester: false, approver: true },
  lapsesAt: iso(3600),
  channel: 'C0ACCESS',
  factor: null,
  ...part,
});

export const approved = (id = 'AR-7K2M9Q', approver = 'U0BO'): AccessRequestEvent => ({
  type: 'RequestApproved',
  ...head(iso(60), id),
  actor: { kind: 'person', id: approver },
  contentHash: HASH,
  policyHash: HASH,
  durationSeconds: 7200,
  factor: { kind: 'totp', step: 59_000_000 },
});

export const authorized = (id = 'AR-7K2M9Q'): Of<'GrantAuthorized'> => ({
  type: 'GrantAuthorized',
  ...head(iso(60), id),
  actor: { kind: 'person', id: 'U0BO' },
  policyHash: HASH,
  durationSeconds: 7200,
  expiresAt: iso(7260),
  approvers: ['U0BO'],
});

export const pendingRequest = () => replay([asked()]);
export const activatingRequest = () => replay([asked(), approved(), authorized()]);

export const holding = (part: Partial<Holding> = {}): Holding => ({
  ...emptyHolding({
    holdingId: 'github:team:acme/deployers:0011223344556677',
    container: { provider: 'github', kind: 'team', resource: 'acme/deployers' },
    login: 'ana-dev',
    subject: 'U0ANA',
  }),
  ...part,
});
