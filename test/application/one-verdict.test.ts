/**
 * One policy, one answer: what `policy simulate` says, what the form and the ask are told, what a click finds, what the decision does, and
 * what `policy replay` says of it afterwards, over generated policies. Each through its own door, from the text of the file on.
 */
import fc from 'fast-check';
import { replay } from '../../local/policy/replay.ts';
import { simulate } from '../../local/policy/simulate.ts';
import type { Terminal } from '../../local/policy/terminal.ts';
import { judgeTyped, type Typed } from '../../shared/application/ask.ts';
import { mayDecide } from '../../shared/application/verdict.ts';
import { wouldRefuse } from '../../shared/application/would-decide.ts';
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { commitText } from '../../shared/domain/audit/chain.ts';
import { ok } from '../../shared/domain/result.ts';
import { emptyBench, enrolBo, STEP } from '../support/bench.ts';
import { approve, review } from '../support/commands.ts';
import { everybody, policyText } from '../support/company.ts';
import { START } from '../support/samples.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 11 });

const NAMES = ['ana', 'al', 'fay', 'bo', 'cy', 'dee', 'eve'] as const;
const slackOf = (name: string) => `U0${name.toUpperCase()}`;
/** Mostly the first: or hardly anything is ever allowed. */
const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const roles = fc.constantFrom('developer', 'release-manager', 'admin', 'auditor');
const selector = fc.oneof(
  { weight: 3, arbitrary: roles.map((role) => ({ roles: [role] })) },
  fc
    .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 })
    .map((people) => ({ people })),
);
const globs = fc.constantFrom(['github:*'], ['github:acme/deployers']);
const accessRule = fc.record({
  entitlements: globs,
  requesters: fc.oneof({ weight: 3, arbitrary: fc.constant({ roles: ['developer'] }) }, selector),
  subjects: selector,
  max_duration: fc.constantFrom('1h', '3h'),
  approvals: fc.array(fc.record({ from: selector, count: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
  code: fc.constant([]),
  justification: fc.constantFrom({}, { min: 10 }, { ticket: '[A-Z]+-[0-9]+' }),
});
const denyRule = fc.record({ entitlements: globs, requesters: selector, deny: fc.constant(true) });
const glassRule = fc.constant({
  entitlements: ['github:*'],
  requesters: { roles: ['developer'] },
  break_glass: { max_duration: '30m', per_person_per_week: 2, review_within: '24h' },
});
const written = fc
  .record({
    rules: fc.array(fc.oneof({ weight: 8, arbitrary: accessRule }, denyRule), {
      minLength: 1,
      maxLength: 3,
    }),
    glass: glassRule,
    // The company's story begins on a Monday morning.
    freeze: mostly<object[]>(
      [],
      [
        {
          ...{ name: 'release', from: '2026-03-01T00:00', to: '2026-03-03T00:00' },
          ...{ entitlements: ['*'], except: { roles: ['admin'] } },
        },
      ],
    ),
  })
  .map(({ rules, glass, freeze }) =>
    policyText({
      rules: [...rules, glass].map((rule, index) => ({ id: `rule-${index}`, ...rule })),
      ...(freeze.length > 0 && { freeze }),
    }),
  );
const asked: fc.Arbitrary<Asked> = fc.record({
  as: fc.oneof(fc.constantFrom('ana', 'al', 'bo'), fc.constantFrom(...NAMES)),
  whom: mostly<string | null>(null, ...NAMES),
  role: mostly('member', 'maintainer', 'owner'),
  minutes: mostly(15, 0, 60, 61, 120, 300),
  words: mostly('OPS-123 rollback of the shop', 'short', 'without any ticket at all'),
  emergency: fc.constant(false),
});
type Asked = {
  readonly as: string;
  readonly whom: string | null;
  readonly role: string;
  readonly minutes: number;
  readonly words: string;
  readonly emergency: boolean;
};
const TARGET = 'github:acme/deployers';

/** What `policy simulate` answers a program. */
type Answer = { allowed: boolean; refusal?: { code: string }; approvers?: string[]; rule: string };

function shell(text: string, lines: string[], complaints: string[]): Terminal {
  return {
    ...{ env: {}, colours: false, progress: null },
    print: (line) => lines.push(line),
    complain: (line) => complaints.push(line),
    readFile: async () => ok(new TextEncoder().encode(text)),
    now: () => START,
    openHistory: async () => 'There is no journal here',
  };
}

async function simulated(text: string, ask: Asked): Promise<Answer | null> {
  const [lines, complaints]: [string[], string[]] = [[], []];
  const { as, whom, role, minutes, words, emergency } = ask;
  const incident = ['--break-glass', '--incident', 'INC-1'];
  const rest = ['--at', START.toISOString(), '--reason', words, ...(emergency ? incident : [])];
  const forWhom = whom === null ? [] : ['--for', whom];
  const args = ['--as', as, ...forWhom, ...rest, '--json', TARGET, role, `${minutes}m`];
  await simulate(args, shell(text, lines, complaints));
  if (complaints.length > 0) return null;
  return JSON.parse(lines.join('\n'));
}

const typedOf = ({ whom, role, minutes, words, emergency }: Asked): Typed => ({
  ...{ entitlement: TARGET, role, durationSeconds: minutes * 60, justification: words },
  subject: whom === null ? null : slackOf(whom),
  ...(emergency && { breakGlass: { incident: 'INC-1' } }),
});
const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }) =>
  answer.ok ? null : answer.error.code;
const counter = () => {
  let met = 0;
  const meet = (): void => {
    met += 1;
  };
  return { meet, met: () => met };
};

/** The ask through the form's door and then through the decision's. Null: refused, by both alike. */
async function made(text: string, ask: Asked, answer: Answer) {
  const on = emptyBench();
  const loaded = await on.enforce(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const requester = slackOf(ask.as);
  await enrolBo(on, requester);
  const shown = await judgeTyped(on, { requester, typed: typedOf(ask) });
  expect(codeOf(shown)).toBe(answer.allowed ? null : answer.refusal?.code);
  if (!shown.ok) return { on, state: null };
  const { command, contentHash, verdict } = shown.value;
  expect(verdict.rule).toBe(answer.rule);
  const factor = { kind: 'totp' as const, step: STEP };
  const code = {
    ...{ owner: requester, authenticatorId: 'a'.repeat(32), purpose: 'ask' },
    evidence: { factor, contentHash },
  };
  const done = await on.run(command, verdict.codeFrom.requester ? { code } : {});
  expect(codeOf(done)).toBeNull();
  return { on, state: done.ok ? done.value.state : null };
}

/** Who is answered with a yes by each door of the decision about it. */
async function whoMay(
  { on, state }: { on: ReturnType<typeof emptyBench>; state: KnownRequest },
  commandOf: (person: string) => Parameters<typeof wouldRefuse>[1],
) {
  const would: string[] = [];
  const shown: string[] = [];
  for (const person of everybody) {
    const refusal = await wouldRefuse(on, commandOf(person), state);
    if (refusal === null) would.push(person);
    const form = await mayDecide(on, state, person);
    if (form.ok) shown.push(person);
    if (state.status === 'pending') expect(codeOf(form)).toBe(refusal?.code ?? null);
  }
  return { would: would.sort(), shown: shown.sort() };
}

const RUNS = { numRuns: 150 };

test('simulation, form, ask, click and decision say the same, and a replay finds nothing to say', async () => {
  const met = { asked: counter(), refused: counter(), waiting: counter(), granted: counter() };
  await fc.assert(
    fc.asyncProperty(written, asked, fc.nat(6), async (text, ask, pick) => {
      const answer = await simulated(text, ask);
      if (!answer) return;
      met.asked.meet();
      const { on, state } = await made(text, ask, answer);
      if (!state) return met.refused.meet();
      const { requestId, contentHash } = state;
      const click = (person: string) => approve(person, { requestId, contentHash });
      const { would, shown } = await whoMay({ on, state }, click);
      expect(would).toEqual((answer.approvers ?? []).map(slackOf).sort());
      expect(shown).toEqual(would);
      met.waiting.meet();
      // And one who may really does it; whoever may not is refused.
      const person = everybody[pick] ?? '';
      const done = await on.run(click(person));
      expect(done.ok).toBe(would.includes(person));
      if (done.ok && done.value.state.status === 'activating') met.granted.meet();
      const lines: string[] = [];
      const journal = on.calm;
      const openHistory = async () => ({
        ...{ journal, now: new Date(START.getTime() + 1000), close: () => undefined },
      });
      const status = await replay(['--last', '1d', '--json'], {
        ...shell(text, lines, lines),
        openHistory,
      });
      expect({ status, lines: lines.filter((line) => line.includes('"would"')) }).toEqual({
        ...{ status: 0, lines: [] },
      });
    }),
    RUNS,
  );
  expect(met.asked.met()).toBeGreaterThan(RUNS.numRuns / 4);
  expect(met.refused.met()).toBeGreaterThan(5);
  expect(met.waiting.met()).toBeGreaterThan(10);
  expect(met.granted.met()).toBeGreaterThan(2);
});

test('in an emergency too; and whom the simulation names as reviewers are those whose review is taken', async () => {
  const met = counter();
  await fc.assert(
    fc.asyncProperty(written, asked, async (text, ask) => {
      const emergency = { ...ask, emergency: true, whom: null };
      const answer = await simulated(text, emergency);
      if (!answer) return;
      const { on, state } = await made(text, emergency, answer);
      if (!state) return;
      met.meet();
      const { requestId } = state;
      const reason = commitText('It was needed.', requestId);
      const { would } = await whoMay({ on, state }, (person) => ({
        ...review(person),
        ...{ requestId, reason },
      }));
      expect(would).toEqual((answer.approvers ?? []).map(slackOf).sort());
    }),
    { numRuns: 60 },
  );
  expect(met.met()).toBeGreaterThan(2);
});
