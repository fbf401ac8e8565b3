/** Who and what the simulated company has: people, two of them with a second Slack account, three containers, two policies. */
import { createHash } from 'node:crypto';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import type { PolicyReader } from '../../shared/application/policies.ts';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';

export const TEAM_ID = 'T0SIM';
export const TENANT = 'sim';
export const PROVIDER = 'sim';
export const ROLES = ['member', 'maintainer'] as const;
export const DEPLOYERS = 'acme/deployers';
export const RELEASE = 'acme/release';
/** Given without an approver within a budget, and counted: limits of its own. */
export const STAGING = 'acme/staging';
export const RESOURCES = [DEPLOYERS, RELEASE, STAGING] as const;

export type Person = { slack: string; human: string; login: string | null; roles: string };
export const PEOPLE: readonly Person[] = [
  { slack: 'U0ANA', human: 'ana', login: 'ana', roles: '[developer]' },
  { slack: 'U0BEN', human: 'ben', login: 'ben', roles: '[developer]' },
  { slack: 'U0EVE', human: 'eve', login: 'eve', roles: '[developer, approver]' },
  { slack: 'U0CAT', human: 'cat', login: 'cat', roles: '[approver]' },
  { slack: 'U0DAN', human: 'dan', login: null, roles: '[approver]' },
  // The same human as U0ANA, seen by the e-mail address only.
  { slack: 'U0ANATWO', human: 'ana', login: null, roles: '[approver]' },
  { slack: 'U0ADA', human: 'ada', login: null, roles: '[admin]' },
  { slack: 'U0ADATWO', human: 'ada', login: null, roles: '[admin]' },
  { slack: 'U0ROB', human: 'rob', login: null, roles: '[admin]' },
];
export const ADMINS = ['U0ADA', 'U0ADATWO', 'U0ROB'] as const;
export const REQUESTERS = PEOPLE.filter(({ login, roles }) => login && roles.includes('developer'));
export const personOf = (slack: string): Person => {
  const person = PEOPLE.find((each) => each.slack === slack);
  if (!person) throw new Error(`Nobody is called ${slack}`);
  return person;
};

export const containerOf = (resource: string) => ({
  provider: PROVIDER,
  kind: 'team',
  resource,
});
export const holdingOf = (resource: string, login: string): string =>
  holdingIdOf({ ...containerOf(resource), login });

/** Accounts that no person of the policy has: somebody made them members, or they work there by themselves. */
export const STRANGERS = [
  ...(['mal', 'mim', 'mona', 'mort', 'max', 'mia'] as const),
  ...(['moe', 'mel', 'may', 'mat', 'mik', 'mo'] as const),
];
export const MACHINE = 'ci-machine';

/** Approvals that a grant on this resource needs, and who must give a code: the oracle's own copy of the rules. */
export const NEEDED: Readonly<Record<string, number>> = {
  [DEPLOYERS]: 1,
  [RELEASE]: 2,
  [STAGING]: 1,
};
export const REQUESTER_CODE: Readonly<Record<string, boolean>> = {
  [DEPLOYERS]: false,
  [RELEASE]: true,
  [STAGING]: false,
};
/** Seconds from a grant's authorization to its end at most, whatever it was extended by. */
export const LONGEST: Readonly<Record<string, number>> = {
  [DEPLOYERS]: 30 * 60,
  [RELEASE]: 20 * 60,
  [STAGING]: 15 * 60,
};
export const GLASS = { longestSeconds: 10 * 60, perWeek: 2 } as const;
export const STAGING_LIMITS = {
  ...{ autoSeconds: 8 * 60, autoPerDay: 2, asksPerHour: 5, pending: 1 },
  ...{ coolDownSeconds: 5 * 60, perDaySeconds: 18 * 60 },
} as const;

/** The narrow policy lets nobody be maintainer of the deployers and keeps Ben out of the releases. */
export function policyText(options: { exclusive: boolean; narrow: boolean }): string {
  const { exclusive, narrow } = options;
  const people = PEOPLE.map(({ slack, login, roles }) => {
    const own = narrow && slack === 'U0BEN' ? '[developer, junior]' : roles;
    const accounts = login ? `, accounts: { ${PROVIDER}: ${login} }` : '';
    return `  ${slack.slice(2).toLowerCase()}: { slack: ${slack}, roles: ${own}${accounts} }`;
  });
  return `version: 1
timezone: Etc/UTC
enrolment: open
new_authenticator_hold: 0m
widening_delay: 0m
roles: { developer: {}, junior: {}, approver: {}, admin: {} }
people:
${people.join('\n')}
entitlements:
  ${PROVIDER}:${DEPLOYERS}:
    { provider: ${PROVIDER}, kind: team, resource: ${DEPLOYERS}, roles: [member${narrow ? '' : ', maintainer'}] }
  ${PROVIDER}:${RELEASE}:
    { provider: ${PROVIDER}, kind: team, resource: ${RELEASE}, roles: [member, maintainer], exclusive: ${exclusive}, owner: ada }
  ${PROVIDER}:${STAGING}:
    { provider: ${PROVIDER}, kind: team, resource: ${STAGING}, roles: [member, maintainer] }
rules:
  - { id: no-juniors, entitlements: ["${PROVIDER}:${RELEASE}"], requesters: { roles: [junior] }, deny: true }
  - id: deploy
    entitlements: ["${PROVIDER}:${DEPLOYERS}"]
    requesters: { roles: [developer] }
    max_duration: 20m
    max_total: 30m
    approvals: [{ from: { roles: [approver] } }]
    code: [approver]
    channel: C0SIM
    lapse_after: 35m
    escalate: { after: 4m, to: { roles: [admin] } }
  - id: release
    entitlements: ["${PROVIDER}:${RELEASE}"]
    requesters: { roles: [developer] }
    max_duration: 20m
    approvals: [{ from: { roles: [approver] }, count: 2 }]
    code: [requester, approver]
    channel: C0SIM
    lapse_after: 15m
  - id: staging
    entitlements: ["${PROVIDER}:${STAGING}"]
    requesters: { roles: [developer] }
    max_duration: 10m
    max_total: 15m
    approvals: [{ from: { roles: [approver] } }]
    auto_approve: { when: { max_duration: 8m }, budget: { per_person_per_day: 2 } }
    limits: { asks_per_hour: 5, pending_per_entitlement: 1, cool_down_after_denial: 5m, max_per_day: 18m }
    extend: { approval: none }
    lapse_after: 15m
  - id: glass
    entitlements: ["${PROVIDER}:${DEPLOYERS}", "${PROVIDER}:${RELEASE}"]
    requesters: { roles: [developer] }
    break_glass: { max_duration: 10m, per_person_per_week: 2, review_within: 12m, incident: optional }
`;
}
/** Whether the policy with this text lets a person hold a role there: the oracle's own copy. */
export const permits = (
  narrow: boolean,
  ask: { requester: string; resource: string; role: string },
): boolean => {
  if (!narrow || ask.resource === STAGING) return true;
  return ask.resource === DEPLOYERS ? ask.role !== 'maintainer' : ask.requester !== 'U0BEN';
};

const read = new Map<string, ReturnType<PolicyReader>>();
/** The product's own reader; each text is parsed once per process. */
export const reader: PolicyReader = (source, fileName) => {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  const known = read.get(text);
  if (known) return known;
  const fresh = readPolicy(text, fileName);
  if (!fresh.ok) throw new Error(`The simulated policy is broken: ${JSON.stringify(fresh.error)}`);
  read.set(text, fresh);
  return fresh;
};
export const hashOfPolicy = (text: string): string =>
  createHash('sha256').update(text).digest('hex');
