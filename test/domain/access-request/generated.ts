/**
 * Random companies, policies and command sequences. Several accounts may belong to one human: who is who is known
 * here by number, independently of the product's identity keys.
 */
import fc from 'fast-check';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import type { Command, RequestAccess } from '../../../shared/domain/access-request/command.ts';
import { contentOf } from '../../../shared/domain/access-request/decide.ts';
import type { Facts, PolicyInForce } from '../../../shared/domain/access-request/facts.ts';
import type { AccessRequest } from '../../../shared/domain/access-request/model.ts';
import { COMMANDS } from '../../support/commands.ts';
import { evidenceOf, policyText, TEAM } from '../../support/company.ts';
import { START } from '../../support/samples.ts';

const ACCOUNTS = ['U01', 'U02', 'U03', 'U04', 'U05', 'U06'] as const;

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
  total: fc.constantFrom(1, 2, 2),
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
        id: 'glass',
        entitlements: ['github:*'],
        requesters: { roles: ['junior'] },
        break_glass: {
          ...{ max_duration: `${minutes}m`, per_person_per_week: 1, review_within: '60m' },
        },
      },
      {
        id: 'only',
        entitlements: ['github:*'],
        requesters: { roles: ['junior'] },
        max_duration: `${minutes}m`,
        max_total: `${minutes * total}m`,
        approvals: groups.map((count) => ({ from, count })),
        code,
        lapse_after: '60m',
        escalate: { after: '10m', to: { people: ['p5'] } },
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
const ON_EXTENSION: readonly Command['type'][] = [
  ...(['ApproveExtension', 'ApproveExtension', 'ApproveExtension'] as const),
  ...(['DenyExtension', 'DenyExtension', 'WithdrawRequest', 'NudgeApprovers'] as const),
];
const FITTING: Record<AccessRequest['status'], readonly Command['type'][]> = {
  new: ['RequestAccess'],
  pending: ['ApproveRequest', 'ApproveRequest', 'ApproveRequest', 'EscalateRequest'],
  activating: ['ConfirmActivated', 'EndGrant', 'ReportActivationFailed'],
  active: [
    ...(['RequestExtension', 'RequestExtension', 'RequestExtension'] as const),
    ...(['ExpireGrant', 'EndGrant'] as const),
  ],
  scheduled: ['StartGrant', 'StartGrant', 'StartGrant', 'EndGrant'],
  'not-started': ['StartGrant'],
  removing: ['ConfirmRemoved', 'ReviewBreakGlass', 'ReportRemovalFailed', 'NoteOverdueReview'],
  denied: ['ApproveRequest'],
  withdrawn: ['ApproveRequest'],
  lapsed: ['ApproveRequest'],
  ended: ['ReviewBreakGlass', 'ReviewBreakGlass', 'NoteOverdueReview', 'EndGrant'],
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
  halted: mostly(false, false, true),
  shorten: mostly<number | null>(null, 0, 600, 1800, 7200),
  seconds: fc.constantFrom(0, 60, 600, 1800, 3600, 7200),
  readBack: fc.boolean(),
  outcome: fc.constantFrom('removed', 'covered', 'never-granted', 'never-granted' as const),
  evidence: fc.constantFrom('not-issued', 'read-back-gone' as const),
  today: mostly<0 | 1>(0, 1),
});
export type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never;

/** How it is asked for: at once, for later, for a window, in an emergency. */
type Way = 'usual' | 'later' | 'window' | 'glass';

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
    way: fc.constantFrom<Way[]>('usual', 'usual', 'usual', 'later', 'window', 'glass', 'glass'),
    steps: fc.array(step, { minLength: 3, maxLength: 24, size: 'max' }),
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
  way: Way;
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
    // The review of a break-glass is owed within the hour: some runs have to come that far.
    steps:
      made.way === 'glass'
        ? made.steps.map((each) => ({ ...each, wait: each.wait + 420 }))
        : made.steps,
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
      code: codeFor(step, state, () => {
        const [{ hash }] = policiesAt(policies, step, state);
        return contentOf(askOf(now, { requester, subject, made }), hash);
      }),
      pending: null,
      glass: [],
      halted: step.halted
        ? { code: 'grants-paused', scope: 'all', since: START.toISOString() }
        : null,
      stoppedBy: step.halted ? 'U05' : null,
    }),
    command: (step, state, now) => commandOf(step, { state, now, requester, subject, made }),
  };
}

const later = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

function startOf(way: Way, now: Date) {
  if (way !== 'later' && way !== 'window') return null;
  return { notBefore: later(now, 1200), until: way === 'window' ? later(now, 4800) : null };
}
const glassOf = (way: Way) => (way === 'glass' ? { incident: 'INC-123' } : null);

function policiesAt(policies: readonly [Judged, Judged], step: Step, state: AccessRequest) {
  const today = policies[step.today];
  const asked = policies.find((each) => state.status !== 'new' && each.hash === state.policyHash);
  return asked && asked.hash !== today.hash ? ([today, asked] as const) : ([today] as const);
}

function codeFor(step: Step, state: AccessRequest, asked: () => string): Facts['code'] {
  if (step.code === 'none') return null;
  const right = state.status === 'new' ? asked() : contentIn(state);
  const contentHash = step.code === 'right' ? right : 'f'.repeat(64);
  return { factor: { kind: 'totp', step: 59_000_000 }, contentHash };
}

/** What is asked of approvers now: the request, or more time. */
function contentIn(state: Exclude<AccessRequest, { status: 'new' }>): string {
  const extension = state.status === 'active' ? state.extension : null;
  return extension?.contentHash ?? state.contentHash;
}

function askOf(
  now: Date,
  { requester, subject, made }: { requester: string; subject: string; made: Made },
): RequestAccess {
  const { durationSeconds, way } = made;
  const who = { kind: 'person' as const, id: requester };
  const unusual = { start: startOf(way, now), breakGlass: glassOf(way) };
  // An emergency is one's own.
  const held = way === 'glass' ? requester : subject;
  return { ...COMMANDS.RequestAccess, actor: who, subject: held, durationSeconds, ...unusual };
}

function commandOf(
  step: Step,
  at: { state: AccessRequest; now: Date; requester: string; subject: string; made: Made },
): Command {
  const { state, now, requester, subject, made } = at;
  const actor = { kind: 'person' as const, id: ACCOUNTS[step.actor] ?? 'U01' };
  const readBackAt = now.toISOString();
  const content = state.status === 'new' ? '' : contentIn(state);
  const asksForMore = state.status === 'active' && state.extension !== null;
  const fitting = asksForMore ? ON_EXTENSION : FITTING[state.status];
  const apt = fitting[step.which % fitting.length] ?? 'ApproveRequest';
  const type = step.type === 'fitting' ? apt : step.type;
  switch (type) {
    case 'RequestAccess':
      return askOf(now, { requester, subject, made });
    case 'ApproveRequest': {
      const contentHash = step.content === 'right' ? content : 'e'.repeat(64);
      const shortenToSeconds = step.shorten;
      return { ...COMMANDS.ApproveRequest, actor, contentHash, shortenToSeconds };
    }
    case 'RequestExtension': {
      const who = { kind: 'person' as const, id: step.which % 6 === 0 ? actor.id : subject };
      const bySeconds = step.which % 3 === 0 ? step.seconds : 60;
      return { ...COMMANDS.RequestExtension, actor: who, bySeconds };
    }
    case 'ApproveExtension': {
      const contentHash = step.content === 'right' ? content : 'e'.repeat(64);
      return { ...COMMANDS.ApproveExtension, actor, contentHash };
    }
    case 'WithdrawRequest': {
      const who = state.status === 'active' ? { ...actor, id: subject } : actor;
      return { ...COMMANDS.WithdrawRequest, actor: who };
    }
    case 'ObeyStop':
      return { ...COMMANDS.ObeyStop, actor: { kind: 'person', id: 'U05' } };
    case 'DenyExtension':
    case 'NudgeApprovers':
    case 'DenyRequest':
    case 'EndGrant':
      return { ...COMMANDS[type], actor };
    case 'StartGrant': {
      const holder = { kind: 'person' as const, id: step.which % 4 === 0 ? actor.id : subject };
      return { ...COMMANDS.StartGrant, ...(made.way === 'window' && { actor: holder }) };
    }
    case 'ReviewBreakGlass':
      return { ...COMMANDS.ReviewBreakGlass, actor };
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
