/** The policy evaluator over the policy of a large company: 1,000 people, 5,000 entitlements, 500 rules. */
import { evaluate } from '../shared/domain/policy/evaluate.ts';
import { Policy } from '../shared/domain/policy/policy.ts';
import { evidenceOf } from '../test/support/company.ts';
import { median, quantile } from './statistics.ts';

const PEOPLE = 1000;
const ENTITLEMENTS = 5000;
const RULES = 500;
const NOW = new Date('2026-11-23T09:00:00.000Z');
const TEAM = 'T0BENCH';

const slackOf = (i: number): string => `U0B${i.toString(36).toUpperCase().padStart(6, '0')}`;
const entitlementOf = (i: number): string => `github:acme/team-${i % ENTITLEMENTS}`;

function policyOfACompany(): Policy {
  const people = Array.from({ length: PEOPLE }, (_, i) => [
    `person-${i}`,
    {
      slack: slackOf(i),
      roles: [i % 10 === 0 ? 'release-manager' : 'developer'],
      accounts: { github: `person-${i}` },
    },
  ]);
  const entitlements = Array.from({ length: ENTITLEMENTS }, (_, i) => [
    entitlementOf(i),
    {
      provider: 'github',
      kind: 'team',
      resource: `acme/team-${i}`,
      roles: ['member', 'maintainer'],
    },
  ]);
  const rules = Array.from({ length: RULES }, (_, i) => ({
    id: `rule-${i}`,
    entitlements: Array.from({ length: ENTITLEMENTS / RULES }, (_, j) =>
      entitlementOf(i + j * RULES),
    ),
    requesters: { roles: ['developer'] },
    max_duration: '8h',
    approvals: [{ from: { roles: ['release-manager'] }, count: 1 }],
    code: ['approver'],
    justification: { min: 10 },
    lapse_after: '60m',
    channel: 'C0ACCESS',
  }));
  return Policy.parse({
    version: 1,
    timezone: 'Europe/Berlin',
    enrolment: 'open',
    new_authenticator_hold: '0m',
    roles: { developer: {}, 'release-manager': { includes: ['developer'] } },
    people: Object.fromEntries(people),
    entitlements: Object.fromEntries(entitlements),
    rules,
  });
}

export type Evaluated = { readonly medianUs: number; readonly p99Us: number };

export function evaluated(times: number): Evaluated {
  const policy = policyOfACompany();
  const us: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const requester = slackOf((i * 7 + 1) % PEOPLE);
    const ask = {
      ...{ requester, subject: requester, entitlement: entitlementOf(i), role: 'member' },
      durationSeconds: 3600,
      justification: { text: 'INC-123 the deployment hangs' },
      breakGlass: false,
    };
    const evidence = new Map([[requester, { ...evidenceOf(requester, NOW), teamId: TEAM }]]);
    const facts = { now: NOW, teamId: TEAM, evidence, linkedAccounts: new Map(), approvals: [] };
    const started = performance.now();
    const verdict = evaluate(policy, ask, facts);
    us.push((performance.now() - started) * 1000);
    if (!verdict.permitted) throw new Error(`Refused: ${JSON.stringify(verdict)}`);
  }
  return { medianUs: median(us), p99Us: quantile(us, 0.99) };
}
