/** A holding and what was read of it, for the tests of plan. */
import type { Observation, Observed, PlanFacts } from '../../../shared/domain/holding/facts.ts';
import {
  emptyHolding,
  Holding,
  type HoldingGrant,
  type Intent,
} from '../../../shared/domain/holding/model.ts';
import { plan } from '../../../shared/domain/holding/plan.ts';
import { TIMING } from '../../../shared/domain/holding/timing.ts';

const START = Date.parse('2026-11-22T10:00:00.000Z');
export const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const INFLIGHT = 40;
export const OVER = INFLIGHT + TIMING.issueSeconds;
export const END = 3600;

export const grant = (part: Partial<HoldingGrant> = {}): HoldingGrant => ({
  grantId: 'AR-AAAAAA',
  requester: 'U0ANA',
  entitlementId: 'github:acme/deployers',
  policyHash: 'a'.repeat(64),
  approvers: ['U0BO'],
  role: 'member',
  expiresAt: iso(END),
  authorizedAt: iso(-10),
  phase: 'activating',
  endedAt: null,
  issued: false,
  scheduledFor: iso(END),
  ...part,
});
export const other = (part: Partial<HoldingGrant> = {}) => grant({ grantId: 'AR-BBBBBB', ...part });
export const active = (part: Partial<HoldingGrant> = {}) =>
  grant({ phase: 'active', issued: true, ...part });
export const removing = (part: Partial<HoldingGrant> = {}) =>
  grant({ phase: 'removing', issued: true, endedAt: iso(-1), ...part });

export const NONE = { role: null, direct: false, until: null };
export const member = { role: 'member', direct: true, until: null };
export const maintainer = { role: 'maintainer', direct: true, until: null };

export const holding = (part: Partial<Holding> = {}): Holding =>
  Holding.parse({
    ...emptyHolding({
      holdingId: 'github:team:acme/deployers:1',
      container: { provider: 'github', kind: 'team', resource: 'acme/deployers' },
      login: 'ana-dev',
      subject: 'U0ANA',
    }),
    accountId: '1',
    baseline: NONE,
    ...part,
  });
/** A write of ours was recorded so many seconds ago. */
export const intent = (seconds: number, part: Partial<Intent> = {}): Intent => ({
  intentId: 'i1',
  kind: 'add',
  role: 'member',
  issuedAt: iso(-seconds),
  answer: 'ambiguous',
  ...part,
});
export const wrote = (seconds: number) => ({ settleUntil: iso(TIMING.settleSeconds - seconds) });
export const seen = (membership: Observation['membership'], startedAt = iso(0)): Observation => ({
  membership,
  startedAt,
});
export const observed = (facts: Partial<Observed> = {}): Observed => ({
  now: new Date(START),
  observation: seen(NONE),
  allowed: new Set(['AR-AAAAAA', 'AR-BBBBBB']),
  paused: false,
  exclusive: false,
  roles: ['member', 'maintainer'],
  inflightSeconds: INFLIGHT,
  accountKnown: true,
  ...facts,
});
export const given = (state: Partial<Holding>, facts: Partial<PlanFacts> = {}) =>
  plan(holding(state), { ...observed(), ...facts });
export const outcomes = (step: ReturnType<typeof plan>) =>
  step.do === 'record' ? step.outcomes : `not recorded: ${step.do}`;
