/**
 * A small company with a real policy, read by the real reader: every test changes one thing and names it.
 * Ana, Al and Fay are developers, Bo and Cy release managers, Dee is the admin, Eve an auditor.
 */
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import type { Facts, PolicyInForce } from '../../shared/domain/access-request/facts.ts';
import type { PersonEvidence } from '../../shared/domain/policy/identity.ts';
import { HASH, later } from './samples.ts';

export const TEAM = 'T0TEAM';
const PEOPLE = {
  ana: 'developer',
  al: 'developer',
  fay: 'developer',
  bo: 'release-manager',
  cy: 'release-manager',
  dee: 'admin',
  eve: 'auditor',
} as const;
type Name = keyof typeof PEOPLE;

const slackOf = (name: string): string => `U0${name.toUpperCase()}`;
const listed = (name: Name, role: string) => ({
  slack: slackOf(name),
  roles: [role],
  accounts: { github: `${name}-gh` },
});
const team = (resource: string, more: object = {}) => ({
  provider: 'github',
  kind: 'team',
  resource,
  roles: ['member', 'maintainer'],
  ...more,
});

export const deployRule = {
  id: 'prod-deploy',
  entitlements: ['github:acme/deployers'],
  requesters: { roles: ['developer'] },
  max_duration: '2h',
  max_total: '4h',
  approvals: [{ from: { roles: ['release-manager'] }, count: 1 }],
  code: ['approver'],
  justification: { min: 10, ticket: '[A-Z]+-[0-9]+' },
  lapse_after: '60m',
  channel: 'C0ACCESS',
};

export const writtenCompany = {
  version: 1,
  timezone: 'Europe/Berlin',
  enrolment: 'open',
  new_authenticator_hold: '0m',
  widening_delay: '0m',
  roles: {
    developer: {},
    'release-manager': { includes: ['developer'] },
    admin: { includes: ['release-manager'] },
    auditor: {},
  },
  people: {
    ana: listed('ana', 'developer'),
    al: listed('al', 'developer'),
    fay: listed('fay', 'developer'),
    bo: listed('bo', 'release-manager'),
    cy: listed('cy', 'release-manager'),
    dee: listed('dee', 'admin'),
    eve: listed('eve', 'auditor'),
  },
  entitlements: { 'github:acme/deployers': team('acme/deployers') },
  rules: [deployRule],
};

/** The text of a policy file: JSON is YAML. */
export const policyText = (changes: object = {}): string =>
  JSON.stringify({ ...writtenCompany, ...changes }, null, 1);

const readBefore = new Map<string, PolicyInForce>();

/** The company's policy with some top-level keys replaced, read as the product reads it: each text once. */
export function inForce(changes: object = {}): PolicyInForce {
  const text = policyText(changes);
  const made = readBefore.get(text) ?? readNow(text);
  readBefore.set(text, made);
  return made;
}

function readNow(text: string): PolicyInForce {
  const read = readPolicy(text, 'access.yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return { policy: read.value.policy, hash: read.value.hash };
}

/** The company's policy with its only rule changed. */
export const ruled = (changes: object): PolicyInForce =>
  inForce({ rules: [{ ...deployRule, ...changes }] });

export const evidenceOf = (
  slackUserId: string,
  now: Date,
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
  observedAt: now.toISOString(),
  ...changes,
});

export const everybody: readonly string[] = Object.keys(PEOPLE).map(slackOf);

const CODE = { factor: { kind: 'totp', step: 59_000_100 } as const, contentHash: HASH };

/** Ten minutes into the story, with fresh evidence about everybody and a right code for the sample request. */
export function factsAt(seconds: number, changes: Partial<Facts> = {}): Facts {
  const now = later(seconds);
  return {
    now,
    policies: [inForce()],
    teamId: TEAM,
    evidence: new Map(everybody.map((slack) => [slack, evidenceOf(slack, now)])),
    linkedAccounts: new Map(),
    approvalsVoidUntil: new Map(),
    code: CODE,
    pending: null,
    halted: null,
    stoppedBy: null,
    glass: [],
    ...changes,
  };
}
