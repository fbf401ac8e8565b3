/** Plausible records for tests, each with a way to change a part of it. */

import type { AccessRequestEvent } from '../../shared/domain/access-request/events.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import type { RequestStatus } from '../../shared/domain/access-request/model.ts';
import { emptyHolding, type Holding } from '../../shared/domain/holding/model.ts';

export const START = new Date('2026-03-02T09:00:00.000Z');
export const later = (seconds: number, from: Date = START): Date =>
  new Date(from.getTime() + seconds * 1000);
export const iso = (seconds = 0): string => later(seconds).toISOString();
export const HASH = 'a'.repeat(64);
export const EXTENSION_HASH = 'e'.repeat(64);

type Of<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;
type Asked = Extract<Of<'AccessRequested'>, { v: 2 }>;
const head = (at: string, id = 'AR-7K2M9Q') => ({ v: 1 as const, requestId: id, at });

export const asked = (part: Partial<Asked> = {}): Asked => ({
  type: 'AccessRequested',
  ...head(iso()),
  v: 2,
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
  start: null,
  ticket: null,
  breakGlass: null,
  ...part,
});

export const approved = (requestId = 'AR-7K2M9Q', approver = 'U0BO'): AccessRequestEvent =>
  approval({ requestId, actor: { kind: 'person', id: approver } });

export const authorized = (id = 'AR-7K2M9Q'): Of<'GrantAuthorized'> => ({
  type: 'GrantAuthorized',
  ...head(iso(60), id),
  actor: { kind: 'person', id: 'U0BO' },
  policyHash: HASH,
  durationSeconds: 7200,
  expiresAt: iso(7260),
  approvers: ['U0BO'],
});

const by = (id: string) => ({ kind: 'person' as const, id });
const ENSURE = { kind: 'ensure' as const };

/** What one person's approval looks like, with any part of it changed. */
export const approval = (part: Partial<Of<'RequestApproved'>> = {}): Of<'RequestApproved'> => ({
  type: 'RequestApproved',
  ...head(iso(60)),
  actor: by('U0BO'),
  contentHash: HASH,
  policyHash: HASH,
  durationSeconds: 7200,
  factor: { kind: 'totp', step: 59_000_000 },
  ...part,
});
export const denied = (): Of<'RequestDenied'> => ({
  type: 'RequestDenied',
  ...head(iso(120)),
  actor: by('U0BO'),
  reason: `sha256:${'d'.repeat(64)}`,
});
export const withdrawn = (): Of<'RequestWithdrawn'> => ({
  type: 'RequestWithdrawn',
  ...head(iso(120)),
  actor: by('U0ANA'),
});
export const lapsed = (): Of<'RequestLapsed'> => ({
  type: 'RequestLapsed',
  ...head(iso(3600)),
  actor: { kind: 'sweep' },
});
export const activated = (): Of<'GrantActivated'> => ({
  type: 'GrantActivated',
  ...head(iso(90)),
  actor: ENSURE,
  accountId: '4711',
  readBackAt: iso(89),
});
export const activationFailed = (): Of<'ActivationFailed'> => ({
  type: 'ActivationFailed',
  ...head(iso(95)),
  actor: ENSURE,
  code: 'account-not-found',
  evidence: 'not-issued',
});
const AT_NIGHT = { notBefore: iso(36_000), until: null };
export const scheduled = (part: Partial<Of<'GrantScheduled'>> = {}): Of<'GrantScheduled'> => ({
  type: 'GrantScheduled',
  ...head(iso(60)),
  actor: by('U0BO'),
  policyHash: HASH,
  durationSeconds: 7200,
  start: AT_NIGHT,
  approvers: ['U0BO'],
  ...part,
});
/** Asked for ten hours later. */
export const askedAhead = (part: Partial<Asked> = {}): Asked =>
  asked({ start: AT_NIGHT, lapsesAt: AT_NIGHT.notBefore, ...part });
export const notStarted = (part: Partial<Of<'GrantNotStarted'>> = {}): Of<'GrantNotStarted'> => ({
  type: 'GrantNotStarted',
  ...head(iso(36_000)),
  actor: { kind: 'sweep' },
  why: 'denied-by-rule',
  reason: null,
  ...part,
});
export const started = (part: Partial<Of<'GrantStarted'>> = {}): Of<'GrantStarted'> => ({
  type: 'GrantStarted',
  ...head(iso(36_000)),
  actor: { kind: 'sweep' },
  policyHash: HASH,
  factor: null,
  ...part,
});
export const reviewed = (
  part: Partial<Of<'BreakGlassReviewed'>> = {},
): Of<'BreakGlassReviewed'> => ({
  type: 'BreakGlassReviewed',
  ...head(iso(90_000)),
  actor: by('U0BO'),
  verdict: 'justified',
  reason: `sha256:${'e'.repeat(64)}`,
  ...part,
});
export const reviewOverdue = (): Of<'ReviewOverdue'> => ({
  type: 'ReviewOverdue',
  ...head(iso(86_460)),
  actor: { kind: 'sweep' },
  reviewBy: iso(86_400),
});
export const extended = (part: Partial<Of<'GrantExtended'>> = {}): Of<'GrantExtended'> => ({
  type: 'GrantExtended',
  ...head(iso(600)),
  actor: by('U0BO'),
  expiresAt: iso(10_860),
  policyHash: HASH,
  factor: { kind: 'totp', step: 59_000_009 },
  ...part,
});
export const extensionAsked = (
  part: Partial<Of<'ExtensionRequested'>> = {},
): Of<'ExtensionRequested'> => ({
  type: 'ExtensionRequested',
  ...head(iso(500)),
  actor: by('U0ANA'),
  bySeconds: 3600,
  contentHash: EXTENSION_HASH,
  policyHash: HASH,
  approvalsNeeded: 1,
  factor: null,
  ...part,
});
export const extensionApproved = (
  part: Partial<Of<'ExtensionApproved'>> = {},
): Of<'ExtensionApproved'> => ({
  type: 'ExtensionApproved',
  ...head(iso(550)),
  actor: by('U0BO'),
  contentHash: EXTENSION_HASH,
  policyHash: HASH,
  factor: { kind: 'totp', step: 59_000_008 },
  ...part,
});
export const extensionDenied = (): Of<'ExtensionDenied'> => ({
  type: 'ExtensionDenied',
  ...head(iso(550)),
  actor: by('U0BO'),
  reason: null,
});
export const extensionWithdrawn = (): Of<'ExtensionWithdrawn'> => ({
  type: 'ExtensionWithdrawn',
  ...head(iso(550)),
  actor: by('U0ANA'),
});
export const nudged = (seconds = 600): Of<'ApproversNudged'> => ({
  type: 'ApproversNudged',
  ...head(iso(seconds)),
  actor: by('U0ANA'),
});
export const escalationPlanned = (): Of<'EscalationPlanned'> => ({
  type: 'EscalationPlanned',
  ...head(iso()),
  actor: by('U0ANA'),
  dueAt: iso(1800),
});
export const escalated = (): Of<'RequestEscalated'> => ({
  type: 'RequestEscalated',
  ...head(iso(1800)),
  actor: { kind: 'sweep' },
  to: ['U0DEE'],
});
export const expired = (): Of<'GrantExpired'> => ({
  type: 'GrantExpired',
  ...head(iso(7260)),
  actor: { kind: 'timer' },
});
export const revoked = (part: Partial<Of<'GrantRevoked'>> = {}): Of<'GrantRevoked'> => ({
  type: 'GrantRevoked',
  ...head(iso(1200)),
  actor: by('U0ANA'),
  cause: 'requester',
  reason: null,
  ...part,
});
export const removed = (part: Partial<Of<'GrantRemoved'>> = {}): Of<'GrantRemoved'> => ({
  type: 'GrantRemoved',
  ...head(iso(7265)),
  actor: ENSURE,
  outcome: 'removed',
  readBackAt: iso(7264),
  ...part,
});
export const removalFailed = (attempt = 1): Of<'RemovalFailed'> => ({
  type: 'RemovalFailed',
  ...head(iso(7262 + attempt)),
  actor: ENSURE,
  code: 'unavailable',
  attempt,
});

/** One legal history that ends in each status. */
export const HISTORIES = {
  new: [],
  pending: [asked()],
  denied: [asked(), denied()],
  withdrawn: [asked(), withdrawn()],
  lapsed: [asked(), lapsed()],
  scheduled: [askedAhead(), approval(), scheduled()],
  'not-started': [askedAhead(), approval(), scheduled(), notStarted()],
  activating: [asked(), approval(), authorized()],
  active: [asked(), approval(), authorized(), activated()],
  removing: [asked(), approval(), authorized(), activated(), expired()],
  ended: [asked(), approval(), authorized(), activated(), expired(), removed()],
  failed: [asked(), approval(), authorized(), activationFailed()],
} satisfies Record<RequestStatus, AccessRequestEvent[]>;

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
