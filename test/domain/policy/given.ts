/** A small company for the policy's tests: every test changes one thing and names it. */
import type { Ask, PolicyFacts } from '../../../shared/domain/policy/evaluate.ts';
import type { PersonEvidence } from '../../../shared/domain/policy/identity.ts';
import { Policy } from '../../../shared/domain/policy/policy.ts';

export const TEAM = 'T0TEAM';
/** A Monday, 10:00 in Berlin. */
export const NOW = new Date('2026-11-23T09:00:00.000Z');
export const ANA = 'U0ANA';
export const BO = 'U0BO';
export const CY = 'U0CY';
export const DEE = 'U0DEE';
export const EVE = 'U0EVE';

const team = (resource: string, more: object = {}) => ({
  provider: 'github',
  kind: 'team',
  resource,
  roles: ['member'],
  ...more,
});

export const deployRule = {
  id: 'prod-deploy',
  entitlements: ['github:acme/*'],
  requesters: { roles: ['developer'] },
  max_duration: '2h',
  max_total: '4h',
  approvals: [{ from: { roles: ['release-manager'] }, count: 1 }],
  justification: { min: 10, ticket: '[A-Z]+-[0-9]+' },
  lapse_after: '30m',
  channel: 'C0ACCESS',
};

export const written = {
  version: 1,
  timezone: 'Europe/Berlin',
  working_hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '19:00' },
  enrolment: 'open',
  new_authenticator_hold: '0m',
  security_channel: 'C0SECURITY',
  roles: {
    developer: {},
    reviewer: { includes: ['developer'] },
    'release-manager': { includes: ['reviewer'] },
    admin: { includes: ['release-manager'] },
    auditor: {},
  },
  people: {
    ana: { slack: ANA, roles: ['developer'], accounts: { github: 'ana-dev' } },
    bo: { slack: BO, roles: ['release-manager'], accounts: { github: 'bo-rm' } },
    cy: { slack: CY, roles: ['release-manager'], accounts: { github: 'cy-rm' } },
    dee: { slack: DEE, roles: ['admin'], accounts: { github: 'dee-admin' } },
    eve: { slack: EVE, roles: ['auditor'], accounts: { github: 'eve-audit' } },
  },
  entitlements: {
    'github:acme/deployers': team('acme/deployers', { roles: ['member', 'maintainer'] }),
    'github:acme/payroll': team('acme/payroll', { privileged: true }),
    'gitlab:acme/web': { ...team('acme/web'), provider: 'gitlab' },
  },
  rules: [deployRule],
};

/** The company's policy with some top-level keys replaced. */
export const policy = (changes: object = {}): Policy => Policy.parse({ ...written, ...changes });

/** The company's policy with its only rule changed. */
export const withRule = (changes: object, more: object = {}): Policy =>
  policy({ rules: [{ ...deployRule, ...changes }], ...more });

export const ask = (changes: Partial<Ask> = {}): Ask => ({
  requester: ANA,
  subject: changes.requester ?? ANA,
  entitlement: 'github:acme/deployers',
  role: 'member',
  durationSeconds: 7200,
  justification: { text: 'INC-123 rollback' },
  breakGlass: false,
  ...changes,
});

export const evidence = (
  slackUserId: string,
  changes: Partial<PersonEvidence> = {},
): PersonEvidence => ({
  slackUserId,
  teamId: TEAM,
  enterpriseUserId: null,
  email: `${slackUserId.toLowerCase()}@acme.example`,
  emailVerified: true,
  deleted: false,
  isBot: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
  observedAt: new Date(NOW.getTime() - 1000).toISOString(),
  ...changes,
});

export const everybody = [ANA, BO, CY, DEE, EVE];

/** Fresh evidence about everybody; `about` replaces single answers. */
export const facts = (
  changes: Partial<PolicyFacts> = {},
  about: readonly PersonEvidence[] = [],
): PolicyFacts => ({
  now: NOW,
  teamId: TEAM,
  evidence: new Map(
    [...everybody.map((slack) => evidence(slack)), ...about].map((each) => [
      each.slackUserId,
      each,
    ]),
  ),
  linkedAccounts: new Map(),
  approvals: [],
  ...changes,
});

export const approvedBy = (...approvers: string[]) =>
  approvers.map((approver) => ({ approver, at: '2026-11-23T08:59:00.000Z' }));
