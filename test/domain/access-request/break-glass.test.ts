/** Break-glass: the quota of a week, a review that is owed first, and the review itself. */
import {
  askedInEmergency,
  type GlassTaken,
  takenThisWeek,
} from '../../../shared/domain/access-request/decide-break-glass.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import type { Permitted } from '../../../shared/domain/access-request/facts.ts';
import { useOf } from '../../../shared/domain/access-request/use-of.ts';
import { evaluate } from '../../../shared/domain/policy/evaluate.ts';
import { COMMANDS, review } from '../../support/commands.ts';
import { deployRule, factsAt, inForce, writtenCompany } from '../../support/company.ts';
import {
  activated,
  asked,
  authorized,
  expired,
  iso,
  later,
  removed,
  reviewed,
  reviewOverdue,
} from '../../support/samples.ts';
import { given } from '../../support/story.ts';

const DAY = 86_400;
const terms = { max_duration: '1h', per_person_per_week: 2, review_within: '24h' };
const glassRule = (more: object = {}) => ({
  ...{ id: 'glass', entitlements: ['github:acme/deployers'], requesters: { roles: ['developer'] } },
  break_glass: { ...terms, ...more },
});
const under = (more: object = {}) => inForce({ rules: [deployRule, glassRule(more)] });
const NOW = 7 * DAY;
const verdict = (more: object = {}): Permitted => {
  const ask = { requester: 'U0ANA', subject: 'U0ANA', entitlement: 'github:acme/deployers' };
  const found = evaluate(
    under(more).policy,
    {
      ...{ ...ask, role: 'member', durationSeconds: 600, breakGlass: true },
      justification: { accepted: true },
    },
    { ...factsAt(NOW), approvals: [] },
  );
  if (!found.permitted) throw new Error(found.refusal.code);
  return found;
};
const taken = (seconds: number, part: Partial<GlassTaken> = {}): GlassTaken => ({
  ...{ requestId: `AR-T${seconds}`, at: iso(seconds), reviewBy: iso(seconds + DAY) },
  reviewed: true,
  ...part,
});
const breakGlass = { incident: 'INC-1' };
const take = (glass: readonly GlassTaken[], verdicts = [verdict()]) =>
  askedInEmergency({ breakGlass }, verdicts, { glass, now: later(NOW) });

describe('taking it', () => {
  test('is nothing of an ask that goes the usual way', () => {
    expect(askedInEmergency({ breakGlass: null }, [], { glass: [], now: later(0) })).toEqual({
      ...{ ok: true, value: null },
    });
  });

  test('owes a review within the time of the rule, the shortest of two policies', () => {
    const owed = { ok: true, value: { incident: 'INC-1', reviewBy: iso(NOW + DAY) } };
    expect(take([])).toEqual(owed);
    for (const two of [['24h', '48h'] as const, ['48h', '24h'] as const])
      expect(
        take(
          [],
          two.map((within) => verdict({ review_within: within })),
        ),
      ).toEqual(owed);
  });

  test('is refused beyond the quota of any week, and says when the first of it is a week old', () => {
    const two = [taken(300), taken(100), taken(200)];
    expect(take(two)).toEqual({
      ...{ ok: false, error: { code: 'break-glass-quota', max: 2, againAt: iso(200 + NOW) } },
    });
    expect(take([taken(100)])).toMatchObject({ ok: true });
    expect(take([taken(0), taken(100)])).toMatchObject({ ok: true });
    expect(take([taken(0.001), taken(100)])).toMatchObject({ ok: false });
    const strict = [verdict(), verdict({ per_person_per_week: 1 })];
    expect(take([taken(100)], strict)).toMatchObject({
      error: { max: 1, againAt: iso(100 + NOW) },
    });
  });

  test('is refused while a review is overdue, and not while one is only owed', () => {
    const owed = (reviewBy: number) =>
      take([taken(-DAY * 9, { reviewed: false, reviewBy: iso(reviewBy) })]);
    expect(owed(NOW)).toEqual({
      ...{ ok: false },
      error: { code: 'review-owed', of: `AR-T${-DAY * 9}`, reviewBy: iso(NOW) },
    });
    expect(owed(NOW + 0.001)).toMatchObject({ ok: true });
    expect(take([taken(-DAY * 9, { reviewBy: iso(0) })])).toMatchObject({ ok: true });
  });

  test('counts what was taken within a week, the newest last', () => {
    const glass = [taken(300), taken(0), taken(200), taken(100)];
    expect(takenThisWeek({ glass, now: later(NOW) })).toEqual([
      ...[taken(100), taken(200), taken(300)],
    ]);
  });

  test('by a rule that has none is a defect, not an answer', () => {
    const { breakGlass: _, ...ordinary } = verdict();
    expect(() => take([], [ordinary])).toThrow('permitted by a rule that has none');
  });
});

const live = (): AccessRequestEvent[] => [
  asked({
    ...{ rule: 'glass', approvalsNeeded: 0, breakGlass: { incident: 'INC-1', reviewBy: iso(DAY) } },
  }),
  { ...authorized(), approvers: [] },
  activated(),
];
const policies = [under()] as const;
const at = (seconds: number) => factsAt(seconds, { policies });

describe('the review', () => {
  test('is given once, by somebody who could have approved it, while it lives or after', () => {
    for (const more of [[], [expired()], [expired(), removed()]])
      given(...live(), ...more)
        .when(review(), at(9000))
        .thenEvents({ type: 'BreakGlassReviewed', verdict: 'justified' });
    given(...live(), reviewed())
      .when(review('U0CY'), at(95_000))
      .thenRefused({ code: 'already-reviewed', by: 'U0BO', at: iso(90_000) });
    given(...live())
      .when(review('U0ANA'), at(9000))
      .thenRefused({ code: 'not-a-reviewer', why: 'requester' });
  });

  test('is given by who may by the file in force and by a wider one that waits', () => {
    const { bo, ...others } = writtenCompany.people;
    const without = inForce({ people: { ...others, bo: { ...bo, roles: ['auditor'] } } });
    for (const both of [[under(), without] as const, [without, under()] as const])
      given(...live())
        .when(review(), factsAt(9000, { policies: both }))
        .thenRefused({ code: 'not-a-reviewer', why: 'no-right' });
  });

  test('is of break-glass that was had, and of nothing else', () => {
    given(asked(), { ...authorized(), approvers: [] }, activated())
      .when(review(), at(9000))
      .thenRefused({ code: 'nothing-to-review' });
    given().when(review(), at(9000)).thenRefused({ code: 'unknown-request' });
    given(asked())
      .when(review(), at(9000))
      .thenRefused({ code: 'wrong-status', status: 'pending', by: null, at: null });
  });

  test('that is missing is on record from its time on, and again thirty days later', () => {
    const note = COMMANDS.NoteOverdueReview;
    given(...live())
      .when(note, at(DAY - 1))
      .thenRefused({ code: 'not-due', dueAt: iso(DAY) });
    given(...live())
      .when(note, at(DAY))
      .thenEvents({ type: 'ReviewOverdue', reviewBy: iso(DAY) });
    const again = DAY + 60 + 30 * DAY;
    given(...live(), reviewOverdue())
      .when(note, at(again - 1))
      .thenRefused({ code: 'not-due', dueAt: iso(again) });
    given(...live(), reviewOverdue())
      .when(note, at(again))
      .thenEvents({ type: 'ReviewOverdue' });
    given(...live(), reviewed())
      .when(note, at(DAY))
      .thenRefused({ code: 'nothing-to-review' });
    given().when(note, at(DAY)).thenRefused({ code: 'unknown-request' });
  });
});

const stateOf = (history: AccessRequestEvent[]) => {
  const state = replay(history);
  if (state.status === 'new') throw new Error('Nothing was asked');
  return state;
};

test('what nobody approved counts as automatic, what was taken in an emergency does not', () => {
  const auto = (part: object) => useOf(stateOf([asked(part)]), later(0)).auto;
  expect([
    auto({}),
    auto({ approvalsNeeded: 0 }),
    auto({ approvalsNeeded: 0, breakGlass: { incident: null, reviewBy: iso(DAY) } }),
  ]).toEqual([false, true, false]);
});
