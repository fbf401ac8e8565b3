/** Limits per human: asks, waiting requests, denials and time on one day. */
import fc from 'fast-check';
import { dayOf, startOfDay } from '../../../shared/domain/digest/local-day.ts';
import {
  evaluate,
  type PolicyFacts,
  preview,
  standsBehind,
  type Verdict,
} from '../../../shared/domain/policy/evaluate.ts';
import type { Use } from '../../../shared/domain/policy/usage.ts';
import { ANA, ask, BO, CY, evidence, facts, NOW, policy, withRule } from './given.ts';

const refusal = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal);
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();
const soon = (minutes: number) => ago(-minutes);
let made = 0;
const use = (changes: Partial<Use> = {}): Use => {
  made += 1;
  return {
    requestId: `AR-${String(made).padStart(6, '0')}`,
    requester: ANA,
    subject: changes.requester ?? ANA,
    entitlement: 'github:acme/deployers',
    status: 'over',
    requestedAt: ago(30),
    deniedAt: null,
    held: null,
    auto: false,
    ...changes,
  };
};
const withLimits = (limits: object, usage: readonly Use[], more: Partial<PolicyFacts> = {}) =>
  refusal(evaluate(policy({ limits }), ask(), facts({ usage, ...more })));

describe('asks per hour', () => {
  const limits = { asks_per_hour: 2 };

  test('one more than allowed is refused and says when it may be', () => {
    const usage = [use({ requestedAt: ago(59) }), use({ requestedAt: ago(10) })];
    expect(withLimits(limits, usage)).toEqual({ code: 'too-many-asks', limit: 2, again: soon(1) });
    expect(withLimits(limits, usage.slice(1))).toBe('permitted');
  });

  test('after several, the time is when enough of them are an hour old', () => {
    const usage = [30, 50, 20, 40].map((minutes) => use({ requestedAt: ago(minutes) }));
    expect(withLimits(limits, usage)).toMatchObject({ again: soon(30) });
  });

  test('an ask of an hour ago no longer counts; whatever it was for, it did', () => {
    expect(withLimits(limits, [use({ requestedAt: ago(60) }), use()])).toBe('permitted');
    const other = use({ entitlement: 'github:acme/payroll' });
    expect(withLimits(limits, [other, use()])).toMatchObject({ code: 'too-many-asks' });
  });

  test("others' asks do not count, those for the same subject included", () => {
    expect(
      withLimits(limits, [use({ requester: BO, subject: ANA }), use({ requester: BO }), use()]),
    ).toBe('permitted');
  });

  test('a second account of the same human counts', () => {
    const shared = { email: 'ana@acme.example' };
    const two = facts({ usage: [use({ requester: BO }), use()] }, [
      evidence(ANA, shared),
      evidence(BO, shared),
    ]);
    expect(refusal(evaluate(policy({ limits }), ask(), two))).toMatchObject({
      code: 'too-many-asks',
    });
  });

  test('a request that was asked already is not refused for the asks since', () => {
    const usage = [use(), use(), use()];
    const decision = ask({
      requestId: usage[0]?.requestId ?? '',
      justification: { accepted: true },
    });
    expect(evaluate(policy({ limits }), decision, facts({ usage })).permitted).toBe(true);
  });

  test("a rule's own limit takes the place of the policy's, key by key", () => {
    const usage = [use(), use()];
    const rules = withRule({ limits: { asks_per_hour: 5 } }, { limits });
    expect(evaluate(rules, ask(), facts({ usage })).permitted).toBe(true);
    const still = withRule({ limits: { max_per_day: '8h' } }, { limits });
    expect(refusal(evaluate(still, ask(), facts({ usage })))).toMatchObject({
      code: 'too-many-asks',
    });
  });
});

test('one more waiting request for an entitlement than allowed is refused and named', () => {
  const limits = { pending_per_entitlement: 1 };
  const waits = use({ status: 'waiting' });
  expect(withLimits(limits, [waits])).toEqual({
    ...{ code: 'too-many-pending', limit: 1, requestId: waits.requestId },
  });
  const forOthers = use({ status: 'waiting', requester: ANA, subject: BO });
  expect(withLimits(limits, [forOthers])).toMatchObject({ code: 'too-many-pending' });
  for (const other of [
    use({ status: 'live' }),
    use({ status: 'waiting', entitlement: 'github:acme/payroll' }),
    use({ status: 'waiting', requester: BO }),
  ])
    expect(withLimits(limits, [other])).toBe('permitted');
  const two = { pending_per_entitlement: 2 };
  expect(withLimits(two, [waits])).toBe('permitted');
  expect(withLimits(two, [waits, forOthers])).toMatchObject({ requestId: waits.requestId });
});

test('after a denial the entitlement cools down, for whoever asked and whoever it was for', () => {
  const limits = { cool_down_after_denial: '30m' };
  const denied = (minutes: number, more: Partial<Use> = {}) =>
    use({ deniedAt: ago(minutes), ...more });
  expect(withLimits(limits, [denied(40), use(), denied(10)])).toEqual({
    ...{ code: 'cooling-down', until: soon(20) },
  });
  expect(withLimits(limits, [denied(10, { requester: BO, subject: ANA })])).toMatchObject({
    code: 'cooling-down',
  });
  expect(withLimits(limits, [denied(30)])).toBe('permitted');
  expect(withLimits(limits, [denied(10, { entitlement: 'github:acme/payroll' })])).toBe(
    'permitted',
  );
  expect(withLimits(limits, [denied(10, { requester: BO, subject: BO })])).toBe('permitted');
});

describe('time per day', () => {
  const limits = { max_per_day: '4h' };
  const held = (from: number, to: number, more: Partial<Use> = {}) =>
    use({ status: 'live', held: { from: soon(from), to: soon(to) }, ...more });

  test('what was held today and what is asked stay within it together', () => {
    expect(withLimits(limits, [held(-120, 0)])).toBe('permitted');
    expect(withLimits(limits, [held(-121, 0)])).toEqual({
      ...{ code: 'day-used-up', day: '2026-11-23', maxSeconds: 14_400, leftSeconds: 7140 },
    });
  });

  test('a live grant counts with the end it has now, in any role', () => {
    expect(withLimits(limits, [held(-30, 120)])).toMatchObject({ leftSeconds: 5400 });
  });

  test('another entitlement, another subject and yesterday do not count', () => {
    for (const other of [
      held(-120, 120, { entitlement: 'github:acme/payroll' }),
      held(-120, 120, { requester: BO }),
      held(-120, 120, { requester: ANA, subject: BO }),
      held(-1000, -600),
    ])
      expect(withLimits(limits, [other])).toBe('permitted');
  });

  test('access over midnight is counted on the day it falls on', () => {
    const late = { now: new Date('2026-11-23T22:00:00.000Z') };
    const fresh = [evidence(ANA, { observedAt: late.now.toISOString() })];
    const judged = (usage: readonly Use[]) =>
      refusal(evaluate(policy({ limits }), ask(), facts({ ...late, usage }, fresh)));
    const yesterday = { from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T13:00:00.000Z' };
    expect(judged([use({ held: yesterday })])).toBe('permitted');
    const more = { from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T13:00:00.001Z' };
    expect(judged([use({ held: more })])).toMatchObject({ day: '2026-11-23' });
    const next = { from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T13:00:01.000Z' };
    expect(judged([use({ held: next })])).toMatchObject({ day: '2026-11-24' });
  });

  test('access until midnight takes nothing of the next day, however much of that is used', () => {
    const late = { now: new Date('2026-11-23T21:00:00.000Z') };
    const fresh = [evidence(ANA, { observedAt: late.now.toISOString() })];
    const next = { from: '2026-11-24T00:00:00.000Z', to: '2026-11-24T10:00:00.000Z' };
    const known = facts({ ...late, usage: [use({ held: next })] }, fresh);
    expect(refusal(evaluate(policy({ limits }), ask(), known))).toBe('permitted');
    expect(refusal(evaluate(policy({ limits }), ask({ durationSeconds: 7199 }), known))).toBe(
      'permitted',
    );
  });

  test('an approval is judged by what is held now, without counting itself', () => {
    const own = held(-60, 120);
    const decision = ask({ requestId: own.requestId, justification: { accepted: true } });
    const judged = (usage: readonly Use[]) =>
      refusal(evaluate(policy({ limits }), decision, facts({ usage })));
    expect(judged([own])).toBe('permitted');
    expect(judged([own, held(-121, 0)])).toMatchObject({ code: 'day-used-up' });
  });

  test('an extension is judged by its whole time', () => {
    const extended = (to: number) =>
      ask({ requestId: 'AR-000000', window: { from: ago(60), to: soon(to) } });
    const judged = (to: number) =>
      refusal(evaluate(policy({ limits }), extended(to), facts({ usage: [] })));
    expect(judged(180)).toBe('permitted');
    expect(judged(181)).toMatchObject({ code: 'day-used-up' });
  });

  test('whoever obeys every verdict never holds more than that on any local day', () => {
    const rules = withRule(
      { max_duration: '6h', max_total: '6h' },
      { limits: { max_per_day: '5h' } },
    );
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 500 }),
      minutes: fc.integer({ min: 1, max: 360 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 0, max: 4000 }),
        (steps, first) => {
          const usage: Use[] = [];
          // Around the night on which Berlin's clocks go back.
          let now = Date.parse('2026-10-23T10:00:00.000Z') + first * 60_000;
          for (const { wait, minutes } of steps) {
            now += wait * 60_000;
            const at = new Date(now);
            const fresh = [evidence(ANA, { observedAt: at.toISOString() })];
            const asked = ask({ durationSeconds: minutes * 60 });
            const verdict = evaluate(rules, asked, facts({ now: at, usage }, fresh));
            if (!verdict.permitted) continue;
            const to = new Date(now + minutes * 60_000).toISOString();
            usage.push(use({ status: 'live', held: { from: at.toISOString(), to } }));
          }
          for (let ms = now - 4 * 86_400_000; ms < now + 2 * 86_400_000; ms += 86_400_000) {
            const day = dayOf(new Date(ms), 'Europe/Berlin');
            const from = startOfDay(day, 'Europe/Berlin').getTime();
            const to = startOfDay(
              dayOf(new Date(ms + 86_400_000), 'Europe/Berlin'),
              'Europe/Berlin',
            ).getTime();
            const sum = usage.reduce((total, { held: span }) => {
              const start = Math.max(from, Date.parse(span?.from ?? ''));
              const end = Math.min(to, Date.parse(span?.to ?? ''));
              return total + Math.max(0, end - start);
            }, 0);
            expect(sum).toBeLessThanOrEqual(5 * 3_600_000);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('when nobody knows what people did', () => {
  const limited = policy({ limits: { asks_per_hour: 2 } });
  test('a decision is refused, a preview is not, and what was decided stands', () => {
    expect(refusal(evaluate(limited, ask(), facts()))).toEqual({ code: 'counts-unknown' });
    expect(preview(limited, ask(), facts()).permitted).toBe(true);
    expect(standsBehind(limited, ask(), facts()).permitted).toBe(true);
    expect(evaluate(policy(), ask(), facts()).permitted).toBe(true);
  });
});

describe('separation of duties', () => {
  const separation = [
    { name: 'four-eyes', entitlements: [['github:acme/deployers'], ['github:acme/pay*']] },
  ];
  const payroll = (more: Partial<Use> = {}) =>
    use({ entitlement: 'github:acme/payroll', status: 'live', ...more });
  const judged = (
    usage: readonly Use[] | undefined,
    changes = {},
    more: Partial<PolicyFacts> = {},
  ) =>
    refusal(
      evaluate(
        policy({ separation }),
        ask(changes),
        facts({ ...(usage ? { usage } : {}), ...more }),
      ),
    );

  test('the other duty, held or waited for, refuses the ask and is named', () => {
    for (const status of ['live', 'waiting'] as const) {
      const other = payroll({ status });
      expect(judged([other])).toEqual({
        ...{ code: 'duties-not-separate', separation: 'four-eyes' },
        ...{ entitlement: 'github:acme/payroll', requestId: other.requestId },
      });
      expect(judged([use({ status })], { entitlement: 'github:acme/payroll' })).toMatchObject({
        code: 'duties-not-separate',
      });
    }
  });

  test('what is over, the same duty, and what others hold do not', () => {
    for (const other of [
      payroll({ status: 'over' }),
      use({ status: 'live' }),
      payroll({ requester: BO }),
      payroll({ requester: ANA, subject: BO }),
    ])
      expect(judged([other])).toBe('permitted');
  });

  test("a second account of the subject's counts as the same human", () => {
    const linkedAccounts = new Map([
      [ANA, ['github:1']],
      [CY, ['github:1']],
    ]);
    expect(judged([payroll({ requester: CY })], {}, { linkedAccounts })).toMatchObject({
      code: 'duties-not-separate',
    });
  });

  test('whichever of the accounts asks', () => {
    const linkedAccounts = new Map([ANA, CY].map((slack) => [slack, ['github:1']]));
    const held = [payroll({ requester: ANA }), payroll({ requester: CY })];
    for (const requester of [ANA, CY])
      for (const each of held)
        expect(judged([each], { requester }, { linkedAccounts })).toMatchObject({
          code: 'duties-not-separate',
        });
  });

  test('at an approval only what is live counts: of two that wait one can win', () => {
    const decision = { requestId: 'AR-000000', justification: { accepted: true } };
    expect(judged([payroll({ status: 'waiting' })], decision)).toBe('permitted');
    expect(judged([payroll()], decision)).toMatchObject({ code: 'duties-not-separate' });
    expect(judged([payroll({ requestId: 'AR-000000' })], decision)).toBe('permitted');
  });

  test('what is in two groups is kept apart from both, whichever is held first', () => {
    const overlapping = [['gitlab:*', 'github:acme/*'], ['github:acme/pay*']];
    const rules = policy({ separation: [{ name: 'x', entitlements: overlapping }] });
    const held = (usage: readonly Use[], entitlement: string) =>
      refusal(evaluate(rules, ask({ entitlement }), facts({ usage })));
    expect(held([payroll()], 'github:acme/deployers')).toMatchObject({
      entitlement: 'github:acme/payroll',
    });
    expect(held([use({ status: 'live' })], 'github:acme/payroll')).toMatchObject({
      entitlement: 'github:acme/deployers',
    });
  });

  test('not knowing refuses where it matters, and only there', () => {
    expect(judged(undefined)).toEqual({ code: 'counts-unknown' });
    expect(preview(policy({ separation }), ask(), facts()).permitted).toBe(true);
    expect(
      refusal(
        evaluate(
          policy({
            separation: [{ name: 'x', entitlements: [['gitlab:*'], ['github:acme/pay*']] }],
          }),
          ask(),
          facts(),
        ),
      ),
    ).toBe('permitted');
  });
});
