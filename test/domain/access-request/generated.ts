/**
 * Random companies, policies and command sequences. Several accounts may belong to one human: who is who is known
 * here by number, independently of the product's identity keys.
 */
import fc from 'fast-check';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import type { Command } from '../../../shared/domain/access-request/command.ts';
import type { Facts, PolicyInForce } from '../../../shared/domain/access-request/facts.ts';
import type { AccessRequest } from '../../../shared/domain/access-request/model.ts';
import { COMMANDS } from '../../support/commands.ts';
import { evidenceOf, policyText, TEAM } from '../../support/company.ts';

const ACCOUNTS = ['U01', 'U02', 'U03', 'U04', 'U05', 'U06'] as const;
const LONGEST = 365 * 86_400;

const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

export type Rule = { needed: number; longest: number; total: number; coded: boolean };
export type Judged = PolicyInForce & { rule: Rule };

const someRule = fc.record({
  groups: fc.constantFrom([1], [1], [2], [1, 1]),
  minutes: fc.constantFrom(30, 60, 120),
  total: fc.constantFrom(1, 2),
  code: mostly<string[]>(['approver'], [], ['requester', 'approver']),
  from: mostly<object>({ roles: ['senior'] }, { people: ['p1', 'p2', 'p3'] }),
  subjects: mostly<object>({}, { subjects: { roles: ['junior'] } }),
});

const company = fc.record({
  seniors: fc.constantFrom<number[][]>([2, 3, 4, 5], [1, 2, 4, 5], [3, 4, 5], [0, 1, 2, 3, 4, 5]),
  humans: fc.tuple(...ACCOUNTS.map((_, i) => mostly(i, 0, 2))),
  sharedBy: fc.constantFrom('email', 'linked', 'enterprise'),
  rules: fc.tuple(someRule, someRule),
});
type Company = typeof company extends fc.Arbitrary<infer Made> ? Made : never;

const already = new Map<string, ReturnType<typeof readPolicy>>();
function readOnce(text: string): ReturnType<typeof readPolicy> {
  const read = already.get(text) ?? readPolicy(text, 'access.yaml');
  already.set(text, read);
  return read;
}

function policyOf(made: Company, index: 0 | 1): Judged | null {
  const rule = made.rules[index];
  const { groups, minutes, total, code, from, subjects } = rule;
  const text = policyText({
    timezone: 'UTC',
    roles: { junior: {}, senior: { includes: ['junior'] } },
    people: Object.fromEntries(
      ACCOUNTS.map((slack, i) => [
        `p${i}`,
        {
          slack,
          roles: [made.seniors.includes(i) ? 'senior' : 'junior'],
          accounts: { github: `login-${i}` },
        },
      ]),
    ),
    rules: [
      {
        id: 'only',
        entitlements: ['github:*'],
        requesters: { roles: ['junior'] },
        max_duration: `${minutes}m`,
        max_total: `${minutes * total}m`,
        approvals: groups.map((count) => ({ from, count })),
        code,
        lapse_after: '60m',
        ...subjects,
      },
    ],
  });
  const read = readOnce(text);
  if (!read.ok) return null;
  const needed = groups.reduce((sum, count) => sum + count, 0);
  const limits = { needed, longest: minutes * 60, total: minutes * total * 60 };
  const { policy, hash } = read.value;
  return { policy, hash, rule: { ...limits, coded: code.includes('approver') } };
}

const TYPES = Object.values(COMMANDS).map(({ type }) => type);
/** What happens next when things go their way; the other commands come in at random. */
const FITTING: Record<AccessRequest['status'], readonly Command['type'][]> = {
  new: ['RequestAccess'],
  pending: ['ApproveRequest'],
  activating: ['ConfirmActivated', 'EndGrant', 'ReportActivationFailed'],
  active: ['ExtendGrant', 'ExtendGrant', 'EndGrant', 'ExpireGrant'],
  removing: ['ConfirmRemoved', 'ConfirmRemoved', 'ReportRemovalFailed'],
  denied: ['ApproveRequest'],
  withdrawn: ['ApproveRequest'],
  lapsed: ['ApproveRequest'],
  ended: ['EndGrant'],
  failed: ['ConfirmActivated'],
};

const step = fc.record({
  type: fc.oneof(
    { weight: 2, arbitrary: fc.constant('fitting' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
  ),
  which: fc.nat(11),
  actor: fc.nat(5),
  wait: mostly(1, 0, 60, 599, 1800, 3600, 7200),
  code: mostly<'right' | 'wrong' | 'none'>('right', 'wrong', 'none'),
  content: mostly<'right' | 'wrong'>('right', 'wrong'),
  stale: mostly(false, true),
  shorten: mostly<number | null>(null, 0, 600, 1800, 7200),
  seconds: fc.constantFrom(0, 60, 600, 1800, 3600, 7200),
  readBack: fc.boolean(),
  outcome: fc.constantFrom('removed', 'covered', 'never-granted', 'never-granted' as const),
  evidence: fc.constantFrom('not-issued', 'read-back-gone' as const),
  today: mostly<0 | 1>(0, 1),
});
export type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never;

export type Scenario = {
  policies: readonly [Judged, Judged];
  humanOf: (slack: string) => number;
  requester: string;
  subject: string;
  durationSeconds: number;
  steps: readonly Step[];
  facts: (step: Step, state: AccessRequest, now: Date) => Facts;
  command: (step: Step, state: AccessRequest, now: Date) => Command;
};

/** A scenario whose two policies the reader accepts. */
export const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    company,
    requester: fc.nat(3),
    subject: mostly<number | null>(null, 0, 1, 2),
    durationSeconds: fc.constantFrom(600, 1800, 3600, 7200),
    steps: fc.array(step, { minLength: 3, maxLength: 14 }),
  })
  .map((made) => ({ ...made, read: [policyOf(made.company, 0), policyOf(made.company, 1)] }))
  .filter(({ read }) => read.every((policy) => policy !== null))
  .map(({ read, ...made }) =>
    assemble(
      made,
      read.flatMap((policy) => policy ?? []),
    ),
  );

type Made = {
  company: Company;
  requester: number;
  subject: number | null;
  durationSeconds: number;
  steps: readonly Step[];
};

function assemble(made: Made, [first, second]: Judged[]): Scenario {
  if (!first || !second) throw new Error('Two policies are needed');
  const { humans, sharedBy } = made.company;
  const humanOf = (slack: string) => humans[ACCOUNTS.map(String).indexOf(slack)] ?? -1;
  const requester = ACCOUNTS[made.requester] ?? 'U01';
  const subject = ACCOUNTS[made.subject ?? made.requester] ?? requester;
  const policies = [first, second] as const;
  const people = ACCOUNTS.map((slack) => ({ slack, human: humanOf(slack) }));
  return {
    policies,
    humanOf,
    requester,
    subject,
    durationSeconds: made.durationSeconds,
    steps: made.steps,
    facts: (step, state, now) => ({
      now,
      policies: policiesAt(policies, step, state),
      teamId: TEAM,
      evidence: new Map(
        people.map(({ slack, human }) => {
          const observed = step.stale ? new Date(now.getTime() - 61_000) : now;
          const email = sharedBy === 'email' ? `h${human}@acme.example` : null;
          const enterpriseUserId = sharedBy === 'enterprise' ? `W0H${human}` : null;
          return [slack, evidenceOf(slack, observed, { email, enterpriseUserId })];
        }),
      ),
      linkedAccounts: new Map(
        sharedBy === 'linked' ? people.map(({ slack, human }) => [slack, [`github:${human}`]]) : [],
      ),
      approvalsVoidUntil: new Map(),
      code: codeFor(step, state),
      pending: null,
    }),
    command: (step, state, now) => commandOf(step, { state, now, requester, subject, made }),
  };
}

function policiesAt(policies: readonly [Judged, Judged], step: Step, state: AccessRequest) {
  const today = policies[step.today];
  const asked = policies.find((each) => state.status !== 'new' && each.hash === state.policyHash);
  return asked && asked.hash !== today.hash ? ([today, asked] as const) : ([today] as const);
}

function codeFor(step: Step, state: AccessRequest): Facts['code'] {
  if (step.code === 'none' || state.status === 'new') return null;
  const contentHash = step.code === 'right' ? state.contentHash : 'f'.repeat(64);
  return { factor: { kind: 'totp', step: 59_000_000 }, contentHash };
}

function commandOf(
  step: Step,
  at: { state: AccessRequest; now: Date; requester: string; subject: string; made: Made },
): Command {
  const { state, now, requester, subject, made } = at;
  const actor = { kind: 'person' as const, id: ACCOUNTS[step.actor] ?? 'U01' };
  const readBackAt = now.toISOString();
  const content = state.status === 'new' ? '' : state.contentHash;
  const fitting = FITTING[state.status];
  const apt = fitting[step.which % fitting.length] ?? 'ApproveRequest';
  const type = step.type === 'fitting' ? apt : step.type;
  switch (type) {
    case 'RequestAccess': {
      const { durationSeconds } = made;
      const who = { kind: 'person' as const, id: requester };
      return { ...COMMANDS.RequestAccess, actor: who, subject, durationSeconds };
    }
    case 'ApproveRequest': {
      const contentHash = step.content === 'right' ? content : 'e'.repeat(64);
      const shortenToSeconds = step.shorten;
      return { ...COMMANDS.ApproveRequest, actor, contentHash, shortenToSeconds };
    }
    case 'ExtendGrant':
      return { ...COMMANDS.ExtendGrant, actor, bySeconds: Math.min(step.seconds, LONGEST) };
    case 'DenyRequest':
    case 'WithdrawRequest':
    case 'EndGrant':
      return { ...COMMANDS[type], actor };
    case 'ConfirmActivated':
      return { ...COMMANDS.ConfirmActivated, readBackAt };
    case 'ReportActivationFailed':
      return { ...COMMANDS.ReportActivationFailed, evidence: step.evidence };
    case 'ConfirmRemoved': {
      const { outcome } = step;
      return { ...COMMANDS.ConfirmRemoved, outcome, readBackAt: step.readBack ? readBackAt : null };
    }
    default:
      return COMMANDS[type];
  }
}
