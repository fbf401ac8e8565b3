/**
 * The policy of a large company as a file: 1,000 people, 5,000 entitlements, 500 rules. How long it takes to check, to compare with
 * a changed one, and to find what somebody means by "pay": the right answers first, and never one they may not ask for.
 */
import { readPolicy } from '../shared/adapters/policy-file.ts';
import { catalog } from '../shared/domain/policy/catalog.ts';
import { diffRights } from '../shared/domain/policy/diff.ts';
import type { Policy } from '../shared/domain/policy/policy.ts';
import { searched } from '../shared/domain/policy/search.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

const PEOPLE = 1000;
const ENTITLEMENTS = 5000;
const RULES = 500;
const NOW = new Date('2026-11-23T09:00:00.000Z');

const numbered = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Every 250th is about pay; of those the odd ones are for admins only. */
const nameOf = (i: number): string => {
  if (i % 250 !== 0) return `team-${i}`;
  return i === 0 ? 'pay' : `${['pay-api', 'payroll', 'old-pay', 'repayments'][(i / 250) % 4]}-${i}`;
};
const role = (i: number) =>
  i % 100 === 0 ? 'admin' : i % 10 === 0 ? 'release-manager' : 'developer';
const isForAdmins = (i: number): boolean => i % 500 === 250;

/** `extra`: a person who is promoted. */
const companyText = (extra: number | null = null): string => `version: 1
timezone: Europe/Berlin
security_channel: C0SECURITY
roles:
  developer: {}
  release-manager: { includes: [developer] }
  admin: { includes: [release-manager] }
people:
${numbered(PEOPLE, (i) => `  person-${i}: { slack: U0B${String(i).padStart(6, '0')}, roles: [${i === extra ? 'admin' : role(i)}], accounts: { github: person-${i}-gh } }`)}
entitlements:
${numbered(ENTITLEMENTS, (i) => `  github:acme/${nameOf(i)}:\n    provider: github\n    kind: team\n    resource: acme/${nameOf(i)}\n    roles: [member, maintainer]\n    owner: person-${i % PEOPLE}`)}
rules:
${numbered(RULES, (i) => ruleText(i))}
`;

function ruleText(i: number): string {
  const names = Array.from({ length: ENTITLEMENTS / RULES }, (_, j) => nameOf(i + j * RULES));
  const list = names.map((name) => `"github:acme/${name}"`).join(', ');
  const who = isForAdmins(i) ? 'admin' : 'developer';
  return `  - id: rule-${i}
    entitlements: [${list}]
    requesters: { roles: [${who}] }
    max_duration: 2h
    max_total: 4h
    approvals:
      - { from: { roles: [release-manager] }, count: 1 }
    justification: { min: 10, ticket: "[A-Z]+-[0-9]+" }
    channel: C0ACCESS`;
}

type PolicyFigures = {
  readonly bytes: number;
  readonly checkMs: number;
  readonly diffMs: number;
  readonly catalogMs: number;
  readonly searchMs: number;
};

export function policyMeasured(times: number): PolicyFigures {
  const text = companyText();
  const [before, after] = [read(text), read(companyText(1))];
  const facts = { now: NOW, teamId: 'T0BENCH', evidence: new Map(), linkedAccounts: new Map() };
  const entries = catalog(before, 'U0B000001', facts);
  const look = () => searched(entries, { typed: 'pay', recent: [], most: 100 });
  expectRight(look().map(({ entitlement }) => entitlement));
  const diff = diffRights(before, after);
  if (!diff.widens || diff.truncated) throw new Error('The promotion was not found');
  return {
    bytes: Buffer.byteLength(text),
    checkMs: timed(times, () => read(text)),
    diffMs: median(Array.from({ length: times }, () => diffedMs(text, after))),
    catalogMs: timed(times, () => catalog(before, 'U0B000001', facts)),
    searchMs: timed(times, look),
  };
}

/** Of a policy of which nothing was worked out before. */
function diffedMs(text: string, after: Policy): number {
  const before = read(text);
  return timed(1, () => diffRights(before, after));
}

function read(text: string): Policy {
  const file = readPolicy(text, 'access.yaml');
  if (!file.ok) throw new Error(`The policy of the bench is broken: ${file.error[0]?.message}`);
  return file.value.policy;
}

/** The name itself, then what begins with it, then a word that does, then what merely holds it; none of the admins' own. */
function expectRight(found: readonly string[]): void {
  const rank = (id: string): number =>
    ['acme/pay$', 'acme/pay', '\\bpay', 'pay'].findIndex((pattern) => new RegExp(pattern).test(id));
  const ranks = found.map(rank);
  const isSorted = ranks.every((each, index) => index === 0 || each >= (ranks[index - 1] ?? 0));
  const allowed = new Set(
    Array.from({ length: ENTITLEMENTS / 250 }, (_, i) => i * 250)
      .filter((i) => !isForAdmins(i % RULES))
      .map((i) => `github:acme/${nameOf(i)}`),
  );
  const isComplete = found.length === allowed.size && found.every((id) => allowed.has(id));
  if (!isSorted || !isComplete || found[0] !== 'github:acme/pay')
    throw new Error(`Searching "pay" found ${found.join(', ')}`);
}

function timed(times: number, run: () => unknown): number {
  const each = Array.from({ length: times }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return median(each);
}

export const policyFigures = (company: PolicyFigures) => ({
  policyBytes: company.bytes,
  policyCheckMs: company.checkMs,
  policyDiffMs: company.diffMs,
  policyCatalogMs: company.catalogMs,
  policySearchMs: company.searchMs,
});

export const policyRows = (company: PolicyFigures): Row[] => [
  { what: 'policy check, 1,000 x 5,000 x 500, ms', ours: company.checkMs, stock: null },
  { what: '  rights of two such compared, ms', ours: company.diffMs, stock: null },
  { what: '  what one person may ask for, ms', ours: company.catalogMs, stock: null },
  { what: '  searched for "pay", ms', ours: company.searchMs, stock: null },
];
