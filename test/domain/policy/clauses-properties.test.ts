/** What holds for every clause alike: one more of them, or one more thing that people did, never gives anybody a right. */
import fc from 'fast-check';
import { evaluate, type PolicyFacts, preview } from '../../../shared/domain/policy/evaluate.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { Use } from '../../../shared/domain/policy/usage.ts';
import { ANA, approvedBy, ask, BO, CY, DEE, deployRule, EVE, facts, NOW, policy } from './given.ts';

// How often each case was met is asserted too: the same runs each time, or chance would turn it red.
fc.configureGlobal({ seed: 20261123 });

const ENTITLEMENTS = ['github:acme/deployers', 'github:acme/payroll'] as const;
const PEOPLE = [ANA, BO, CY, DEE, EVE] as const;
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000).toISOString();
const RUNS = { numRuns: 120 };

const selector = fc.constantFrom(
  { roles: ['developer'] },
  { roles: ['release-manager'] },
  { people: ['ana', 'eve'] },
);
const limits = fc.record(
  {
    asks_per_hour: fc.integer({ min: 1, max: 3 }),
    pending_per_entitlement: fc.integer({ min: 1, max: 2 }),
    cool_down_after_denial: fc.constantFrom('30m', '2h'),
    max_per_day: fc.constantFrom('1h', '4h'),
  },
  { requiredKeys: [] },
);
const window = fc
  .record({
    open: fc.boolean(),
    except: fc.option(selector, { nil: undefined }),
    glob: fc.constantFrom('*', ...ENTITLEMENTS),
  })
  .map(({ open, except, glob }) => ({
    name: 'window',
    ...(open
      ? { from: '2026-11-23T09:00', to: '2026-11-23T12:00' }
      : { every: { from: 'tue 08:00', to: 'wed 08:00' } }),
    entitlements: [glob],
    ...(except ? { except } : {}),
  }));
const separation = fc.constant({ name: 'apart', entitlements: ENTITLEMENTS.map((id) => [id]) });
const auto = fc.constantFrom(
  { when: { max_duration: '1h' }, budget: { per_person_per_day: 1 } },
  { when: { working_hours: true }, budget: { per_person_per_day: 2 } },
);
const rules = fc
  .record({
    requesters: selector,
    from: selector,
    count: fc.integer({ min: 1, max: 2 }),
    limits,
    auto: fc.option(auto, { nil: undefined }),
  })
  .map(({ from, count, auto: auto_approve, ...rule }) => ({
    ...deployRule,
    ...rule,
    approvals: [{ from, count }],
    ...(auto_approve ? { auto_approve } : {}),
  }))
  .map((rule) => [rule]);

const use: fc.Arbitrary<Use> = fc
  .record({
    requester: fc.constantFrom(...PEOPLE),
    subject: fc.constantFrom(...PEOPLE),
    entitlement: fc.constantFrom(...ENTITLEMENTS),
    status: fc.constantFrom('waiting', 'live', 'over'),
    asked: fc.integer({ min: -180, max: -1 }),
    denied: fc.boolean(),
    held: fc.option(fc.integer({ min: 1, max: 200 })),
    auto: fc.boolean(),
    id: fc.nat(99_999),
  })
  .map(({ asked, denied, held, id, ...rest }) => ({
    ...rest,
    requestId: `AR-${String(id).padStart(6, '0')}`,
    requestedAt: minutes(asked),
    deniedAt: denied ? minutes(asked + 1) : null,
    held: held === null ? null : { from: minutes(asked), to: minutes(asked + held) },
  }));

const situation = fc
  .record({
    usage: fc.array(use, { maxLength: 5 }),
    requester: fc.constantFrom(...PEOPLE),
    entitlement: fc.constantFrom(...ENTITLEMENTS),
    durationSeconds: fc.constantFrom(3600, 7200),
    approvers: fc.array(fc.constantFrom(...PEOPLE), { maxLength: 3 }),
    candidate: fc.constantFrom(...PEOPLE),
    waits: fc.boolean(),
  })
  .map(({ usage, approvers, candidate, waits, ...asked }) => ({
    asked: ask({
      ...asked,
      ...(waits ? { requestId: 'AR-ZZZZZZ', justification: { accepted: true } } : {}),
    }),
    known: facts({ usage, approvals: approvedBy(...approvers), candidate }),
  }));

/** Everything that `more` permits was permitted before, to the same people, by as many approvals at least. */
function neverMore(
  [less, more]: readonly [Policy, Policy],
  asked: ReturnType<typeof ask>,
  known: [PolicyFacts, PolicyFacts],
) {
  const [before, after] = [evaluate(less, asked, known[0]), evaluate(more, asked, known[1])];
  if (!after.permitted) return before.permitted;
  expect(before.permitted).toBe(true);
  if (!before.permitted) return false;
  if (after.approvals.satisfied) expect(before.approvals.satisfied).toBe(true);
  if (after.candidate?.may) expect(before.candidate).toEqual({ may: true });
  return false;
}

const counted = () => {
  let met = 0;
  return { meet: (isMet: boolean) => (met += isMet ? 1 : 0), met: () => met };
};

test.each([
  ['a freeze', window.map((each) => ({ freeze: [each] }))],
  ['duties kept apart', separation.map((each) => ({ separation: [each] }))],
  ['limits', limits.map((each) => ({ limits: each }))],
])('one more clause, %s, never gives a right', (_, clause) => {
  const lost = counted();
  fc.assert(
    fc.property(rules, clause, situation, (some, top, { asked, known }) => {
      // A rule's own limits take the place of the policy's.
      const bare = some.map(({ limits: own, ...rule }) => ({
        ...rule,
        limits: 'limits' in top ? {} : own,
      }));
      lost.meet(
        neverMore([policy({ rules: bare }), policy({ rules: bare, ...top })], asked, [
          known,
          known,
        ]),
      );
    }),
    RUNS,
  );
  expect(lost.met()).toBeGreaterThan(0);
});

test('one more thing that somebody did never gives a right', () => {
  const lost = counted();
  fc.assert(
    fc.property(rules, separation, use, situation, (some, apart, more, { asked, known }) => {
      const given = policy({ rules: some, separation: [apart] });
      const grown = { ...known, usage: [...(known.usage ?? []), more] };
      lost.meet(neverMore([given, given], asked, [known, grown]));
    }),
    RUNS,
  );
  expect(lost.met()).toBeGreaterThan(0);
});

test('not knowing what people did never gives a right', () => {
  fc.assert(
    fc.property(rules, separation, situation, (some, apart, { asked, known }) => {
      const given = policy({ rules: some, separation: [apart] });
      const { usage, ...blind } = known;
      neverMore([given, given], asked, [{ ...blind, usage: [] }, blind]);
      expect(usage).toBeDefined();
    }),
    RUNS,
  );
});

test('the order in which people did things changes nothing', () => {
  fc.assert(
    fc.property(rules, separation, situation, (some, apart, { asked, known }) => {
      const given = policy({ rules: some, separation: [apart] });
      const turned = { ...known, usage: [...(known.usage ?? [])].reverse() };
      const [one, other] = [evaluate(given, asked, known), evaluate(given, asked, turned)];
      expect(other.permitted).toBe(one.permitted);
      if (one.permitted) expect(other).toEqual(one);
      else expect(other).toMatchObject({ refusal: { code: one.refusal.code } });
    }),
    RUNS,
  );
});

test('form, request, click and review are answered alike for the same facts', () => {
  const met = counted();
  fc.assert(
    fc.property(rules, window, situation, (some, freeze, { asked, known }) => {
      const bare = some.map(
        ({ limits: _, auto_approve: __, ...rule }: Record<string, unknown>) => rule,
      );
      const given = policy({ rules: bare, freeze: [freeze] });
      const { candidate, usage, ...rest } = known;
      const { requestId, ...fresh } = asked;
      const request = evaluate(given, fresh, rest);
      expect(preview(given, fresh, rest)).toEqual(request);
      const click = evaluate(
        given,
        { ...fresh, requestId: 'AR-ZZZZZZ', justification: { accepted: true } },
        rest,
      );
      expect(click).toEqual(request);
      met.meet(request.permitted);
    }),
    RUNS,
  );
  expect(met.met()).toBeGreaterThan(10);
});
