/** What a policy counts is exact: two decisions at once never both fit where one does. */

import type { RequestAccess } from '../../shared/domain/access-request/command.ts';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';
import { absent, put } from '../../shared/ports.ts';
import {
  askOf,
  type Bench,
  bench,
  boApproves,
  enrolBo,
  pendingOn,
  requestIdOf,
  STEP,
  typesOf,
} from '../support/bench.ts';
import { askForMore, confirmActivated, confirmRemoved, deny, endBy } from '../support/commands.ts';
import { deployRule, policyText } from '../support/company.ts';
import { START } from '../support/samples.ts';

const team = (resource: string) => ({
  [`github:${resource}`]: {
    provider: 'github',
    kind: 'team',
    resource,
    roles: ['member', 'maintainer'],
  },
});
const entitlements = { ...team('acme/deployers'), ...team('acme/payroll') };
const rules = [{ ...deployRule, entitlements: ['github:acme/*'] }];
const counting = (more: object) => bench({ entitlements, rules, ...more });

let made = 0;
/** A new ask of Ana's. */
function another(resource = 'acme/deployers', part: Partial<RequestAccess> = {}): RequestAccess {
  made += 1;
  const container = { provider: 'github', kind: 'team', resource };
  return askOf('ana', {
    requestId: requestIdOf(1000 + made),
    entitlement: { ...container, id: `github:${resource}`, role: 'member' },
    holdingId: holdingIdOf({ ...container, login: 'ana-gh' }),
    ...part,
  });
}
const asMaintainer = (): RequestAccess => {
  const ask = another();
  return { ...ask, entitlement: { ...ask.entitlement, role: 'maintainer' } };
};
const codes = (answers: readonly { ok: boolean; error?: { code: string } }[]) =>
  answers.map((answer) => (answer.ok ? 'ok' : answer.error?.code)).sort();
const approving = async (on: Bench, ask: RequestAccess, step: number) =>
  boApproves(await pendingOn(on, ask), step);
const approved = async (on: Bench, ask: RequestAccess, step: number) => {
  const { command, code } = await approving(on, ask, step);
  return on.run(command, { code });
};

describe('of two at once', () => {
  test('asks, one fits an hour of one', async () => {
    const on = await counting({ limits: { asks_per_hour: 1 } });
    const answers = await Promise.all([
      on.run(another()),
      on.run(another('acme/payroll')),
      on.run(asMaintainer()),
    ]);
    expect(codes(answers)).toEqual(['ok', 'too-many-asks', 'too-many-asks']);
  });

  test('asks for duties that exclude each other, one is taken', async () => {
    const groups = [['github:acme/deployers'], ['github:acme/payroll']];
    const on = await counting({ separation: [{ name: 'four-eyes', entitlements: groups }] });
    const answers = await Promise.all([on.run(another()), on.run(another('acme/payroll'))]);
    expect(codes(answers)).toEqual(['duties-not-separate', 'ok']);
  });

  test('approvals, one fits the day', async () => {
    const on = await counting({ limits: { max_per_day: '3h' } });
    await enrolBo(on);
    const one = await approving(on, another(), STEP);
    const other = await approving(on, asMaintainer(), STEP + 1);
    const answers = await Promise.all([
      on.run(one.command, { code: one.code }),
      on.run(other.command, { code: other.code }),
    ]);
    expect(codes(answers)).toEqual(['day-used-up', 'ok']);
  });

  test('asks, one fits the budget and the other waits for a human', async () => {
    const auto_approve = { when: { max_duration: '2h' }, budget: { per_person_per_day: 1 } };
    const on = await counting({ rules: [{ ...rules[0], auto_approve }] });
    const asks = [another(), another('acme/payroll')];
    const answers = await Promise.all(asks.map((ask) => on.run(ask)));
    expect(codes(answers)).toEqual(['ok', 'ok']);
    const events = await Promise.all(asks.map(({ requestId }) => typesOf(on, requestId)));
    expect(events.map((types) => types.join()).sort()).toEqual([
      'AccessRequested',
      'AccessRequested,GrantAuthorized',
    ]);
  });
});

test('an automatic grant has no approver and is counted on its day only', async () => {
  const auto_approve = { when: { max_duration: '2h' }, budget: { per_person_per_day: 1 } };
  const on = await counting({ rules: [{ ...rules[0], auto_approve }] });
  const first = await on.run(another());
  expect(first).toMatchObject({ value: { state: { status: 'activating', approvals: [] } } });
  expect(await on.run(another('acme/payroll'))).toMatchObject({
    value: { state: { status: 'pending', approvalsNeeded: 1 } },
  });
  on.setTime(24 * 3600);
  expect(await on.run(asMaintainer())).toMatchObject({
    value: { state: { status: 'activating' } },
  });
});

test('after a denial the same cannot be asked for until it cooled down', async () => {
  const on = await counting({ limits: { cool_down_after_denial: '3d' } });
  const ask = another();
  await pendingOn(on, ask);
  expect((await on.run({ ...deny('U0BO'), requestId: ask.requestId })).ok).toBe(true);
  expect(await on.run(another())).toMatchObject({ error: { code: 'cooling-down' } });
  // Longer than anything else is kept.
  on.setTime(60 * 3600);
  expect((await on.run(another('acme/payroll'))).ok).toBe(true);
  expect((await on.calm.read('usage', 'U0ANA')).value?.requests).toContain(ask.requestId);
  on.setTime(71 * 3600);
  expect(await on.run(another())).toMatchObject({ error: { code: 'cooling-down' } });
  on.setTime(72 * 3600);
  expect((await on.run(another())).ok).toBe(true);
});

test('time that was given back counts no more, time that was held does', async () => {
  const on = await counting({ limits: { max_per_day: '3h' } });
  await enrolBo(on);
  const ask = another();
  await approved(on, ask, STEP);
  await on.run({ ...confirmActivated(), requestId: ask.requestId });
  expect(await on.run(asMaintainer())).toMatchObject({
    error: { code: 'day-used-up', leftSeconds: 3600 },
  });
  on.setTime(1800);
  expect((await on.run({ ...endBy('U0ANA'), requestId: ask.requestId })).ok).toBe(true);
  expect((await on.run(asMaintainer())).ok).toBe(true);
});

test('what was granted before the policy counted is known from the index', async () => {
  const on = await counting({});
  await enrolBo(on);
  await approved(on, another('acme/payroll'), STEP);
  expect((await on.calm.read('usage', 'U0ANA')).value).toBeNull();
  const groups = [['github:acme/deployers'], ['github:acme/payroll']];
  const separation = [{ name: 'four-eyes', entitlements: groups }];
  expect((await on.enforce(policyText({ entitlements, rules, separation }))).ok).toBe(true);
  expect(await on.run(another())).toMatchObject({ error: { code: 'duties-not-separate' } });
});

test('a duty is held until the provider was read and shows it gone', async () => {
  const groups = [['github:acme/deployers'], ['github:acme/payroll']];
  const on = await counting({ separation: [{ name: 'four-eyes', entitlements: groups }] });
  await enrolBo(on);
  const ask = another('acme/payroll');
  const { requestId } = ask;
  await approved(on, ask, STEP);
  await on.run({ ...confirmActivated(), requestId });
  await on.run({ ...endBy('U0ANA'), requestId });
  expect(await on.run(another())).toMatchObject({ error: { code: 'duties-not-separate' } });
  await on.run({ ...confirmRemoved(), requestId });
  expect((await on.run(another())).ok).toBe(true);
});

test('what no longer matters is dropped, what is live stays for as long as it lives', async () => {
  const on = await counting({ limits: { asks_per_hour: 5 } });
  const old = another();
  await pendingOn(on, old);
  await on.run({ ...deny('U0BO'), requestId: old.requestId });
  const waits = another('acme/payroll');
  await pendingOn(on, waits);
  on.setTime(49 * 3600);
  const now = another();
  await pendingOn(on, now);
  expect((await on.calm.read('usage', 'U0ANA')).value?.requests).toEqual([
    waits.requestId,
    now.requestId,
  ]);
});

test('more than can be counted is refused, not guessed', async () => {
  const on = await counting({ limits: { asks_per_hour: 5 } });
  const record = (count: number) => ({
    requests: Array.from({ length: count }, (_, i) => requestIdOf(5000 + i)),
  });
  await on.calm.commit([put(absent('usage', 'U0ANA'), record(501))], START);
  expect(await on.run(another())).toMatchObject({ error: { code: 'counts-unknown' } });
  await on.calm.commit([put(await on.calm.read('usage', 'U0ANA'), record(500))], START);
  expect((await on.run(another())).ok).toBe(true);
});

test('a person asks for another: both are counted, and each by their own part', async () => {
  const on = await counting({
    limits: { asks_per_hour: 1 },
    rules: [{ ...rules[0], subjects: { people: ['al'] } }],
  });
  const forAl = another('acme/deployers', {
    subject: 'U0AL',
    holdingId: askOf('al').holdingId,
  });
  expect((await on.run(forAl)).ok).toBe(true);
  expect(await on.run(another('acme/payroll'))).toMatchObject({ error: { code: 'too-many-asks' } });
  expect((await on.run(askOf('al', { requestId: 'AR-000009' }))).ok).toBe(false);
  const payroll = another('acme/payroll');
  const al = { ...payroll, actor: { kind: 'person' as const, id: 'U0AL' }, subject: 'U0AL' };
  expect(
    (await on.run({ ...al, holdingId: holdingIdOf({ ...al.entitlement, login: 'al-gh' }) })).ok,
  ).toBe(true);
});

describe('inside a freeze', () => {
  const freeze = [{ name: 'now', from: '2026-01-01T00:00', to: '2027-01-01T00:00' }];
  const excepting = [{ ...freeze[0], except: { people: ['bo'] } }];

  async function waiting(window: readonly object[]) {
    const on = await counting({});
    await enrolBo(on);
    const { command, code } = await approving(on, another(), STEP);
    expect((await on.enforce(policyText({ entitlements, rules, freeze: window }))).ok).toBe(true);
    return { on, command, code };
  }

  test('what waits is not approved, and may be denied', async () => {
    const { on, command, code } = await waiting(freeze);
    expect(await on.run(command, { code })).toMatchObject({ error: { code: 'frozen' } });
    expect((await on.run({ ...deny('U0CY'), requestId: command.requestId })).ok).toBe(true);
  });

  test('whom it excepts approves', async () => {
    const { on, command, code } = await waiting(excepting);
    expect(await on.run(command, { code })).toMatchObject({
      value: { state: { status: 'activating' } },
    });
  });

  test('access is ended by who could approve it', async () => {
    const { on, command, code } = await waiting(excepting);
    await on.run(command, { code });
    expect((await on.enforce(policyText({ entitlements, rules, freeze }))).ok).toBe(true);
    expect((await on.run({ ...endBy('U0CY'), requestId: command.requestId })).ok).toBe(true);
  });
});

test.each([
  ['90m', 3600, 'day-used-up'],
  ['2h', 3600, 'taken'],
] as const)(
  'a day of at most %s counts %i more seconds of access that is live: %s',
  async (max_per_day, more, outcome) => {
    const on = await counting({ limits: { max_per_day } });
    await enrolBo(on);
    const ask = askOf('ana', { durationSeconds: 3600 });
    expect((await approved(on, ask, STEP)).ok).toBe(true);
    expect((await on.run(confirmActivated())).ok).toBe(true);
    const asked = await on.run(askForMore(more));
    expect(asked.ok ? 'taken' : asked.error.code).toBe(outcome);
  },
);
