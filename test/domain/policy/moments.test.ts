/** The same ask at each moment of its life: asked for later, denied or ended, started, issued; and what its reasons say in words. */
import type { Start } from '../../../shared/domain/access-request/model.ts';
import {
  evaluate,
  type PolicyFacts,
  preview,
  rightToDecide,
  standsAtStart,
  standsBehind,
  type Verdict,
} from '../../../shared/domain/policy/evaluate.ts';
import {
  ANA,
  approvedBy,
  ask,
  BO,
  evidence,
  facts,
  NOW,
  policy,
  withRule,
  written,
} from './given.ts';

const code = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal.code);
const at = (hours: number): string => new Date(NOW.getTime() + hours * 3_600_000).toISOString();
/** 13:00 to 14:00 in Berlin; it is 10:00. */
const midday = { name: 'midday', from: '2026-11-23T13:00', to: '2026-11-23T14:00' };
const morning = { name: 'morning', from: '2026-11-23T09:00', to: '2026-11-23T12:00' };
const noEvidence: Partial<PolicyFacts> = { evidence: new Map() };

describe('what is asked for later', () => {
  const later = (hours: number, rules: ReturnType<typeof policy>) =>
    code(evaluate(rules, ask({ start: { notBefore: at(hours), until: null } }), facts()));
  const rule = { start_within: '24h' };

  test('must not begin within a freeze', () => {
    const rules = withRule(rule, { freeze: [midday] });
    expect([2, 3, 4].map((hours) => later(hours, rules))).toEqual([
      'permitted',
      'frozen',
      'permitted',
    ]);
  });

  test('is not asked for within a freeze either, though it begins after it', () => {
    expect(later(4, withRule(rule, { freeze: [morning] }))).toBe('frozen');
  });

  test('must begin within working hours, whenever it is asked for', () => {
    const inside = withRule({ ...rule, when: { working_hours: true } });
    const outside = withRule({ ...rule, when: { working_hours: false } });
    expect([8, 9].map((hours) => later(hours, inside))).toEqual([
      'permitted',
      'outside-working-hours',
    ]);
    expect([8, 9].map((hours) => later(hours, outside))).toEqual([
      'inside-working-hours',
      'permitted',
    ]);
  });
});

describe('what was approved ahead and starts now', () => {
  const start: Start = { notBefore: at(-1), until: null };
  const accepted = ask({ requestId: 'AR-000000', justification: { accepted: true }, start });
  const starts = (rules: ReturnType<typeof policy>, known: Partial<PolicyFacts> = noEvidence) =>
    code(standsAtStart('at-hand')(rules, accepted, facts(known)));

  test('meets the hours and freezes of this moment, not of the one it was meant for', () => {
    expect(starts(policy())).toBe('permitted');
    expect(starts(policy({ freeze: [morning] }))).toBe('frozen');
    const early = { freeze: [{ ...morning, to: '2026-11-23T09:30' }] };
    expect(starts(policy(early))).toBe('permitted');
    const hours = { working_hours: { ...written.working_hours, from: '09:30' } };
    const inside = { when: { working_hours: true } };
    expect(starts(withRule(inside, hours))).toBe('permitted');
    expect(starts(withRule({ when: { working_hours: false } }, hours))).toBe(
      'inside-working-hours',
    );
  });

  test('is not counted again, and needs nobody who could still approve', () => {
    expect(starts(policy({ limits: { max_per_day: '30m' } }))).toBe('permitted');
    expect(starts(policy({ people: { ana: written.people.ana } }))).toBe('permitted');
    const limited = policy({ limits: { max_per_day: '30m' } });
    expect(code(standsAtStart('fresh')(limited, accepted, facts()))).toBe('permitted');
  });

  test('is proven as freshly as it is asked to be', () => {
    const fresh = standsAtStart('fresh');
    expect(code(fresh(policy(), accepted, facts(noEvidence)))).toBe('evidence-stale');
    expect(code(fresh(policy(), accepted, facts()))).toBe('permitted');
    const gone = facts({}, [evidence(ANA, { deleted: true })]);
    expect(code(standsAtStart('at-hand')(policy(), accepted, gone))).toBe('not-a-full-member');
  });
});

describe('the right to decide, for a denial or an end', () => {
  const decided = ask({ requestId: 'AR-000000', justification: { accepted: true } });
  const by = (rules: ReturnType<typeof policy>, known: Partial<PolicyFacts> = {}) =>
    rightToDecide(rules, decided, facts({ candidate: BO, ...known }));

  test('is not kept from an approver by hours, a freeze, a limit, or nobody else being there', () => {
    const shut = { when: { working_hours: false }, limits: { max_per_day: '30m' } };
    expect(by(withRule(shut, { freeze: [morning] }))).toMatchObject({
      permitted: true,
      candidate: { may: true },
    });
    expect(by(policy({ people: { ana: written.people.ana } }))).toMatchObject({ permitted: true });
  });

  test('needs fresh evidence', () => {
    expect(code(by(policy(), noEvidence))).toBe('evidence-stale');
  });
});

test('a preview tells that nobody could approve; a policy stands behind what somebody approved who left', () => {
  const alone = policy({ people: { ana: written.people.ana } });
  expect(code(preview(alone, ask(), facts()))).toBe('nobody-can-approve');
  expect(code(standsBehind(alone, ask(), facts()))).toBe('permitted');
});

describe('the reasons of a verdict', () => {
  const reasons = (rules: ReturnType<typeof policy>, changes = {}, known = {}) =>
    evaluate(rules, ask(changes), facts(known)).reasons;

  test('of a yes name the rule, its time and the approvals that count', () => {
    const twice = withRule({ approvals: [{ from: { roles: ['release-manager'] }, count: 2 }] });
    expect(reasons(twice, {}, { approvals: approvedBy(BO) })).toEqual([
      'Rule prod-deploy is the first that covers this entitlement for this requester.',
      'It allows up to 2h.',
      '1 of 2 approvals count.',
    ]);
  });

  test('of a yes without an approver say so', () => {
    const auto = { when: { working_hours: true }, budget: { per_person_per_day: 1 } };
    const rules = withRule({ auto_approve: auto });
    expect(reasons(rules, {}, { usage: [] })).toContain('It needs nobody to approve.');
  });

  test('of a no name the rule, where one was reached, and what refused', () => {
    expect(reasons(policy(), { durationSeconds: 7201 })).toEqual([
      'Rule prod-deploy decides.',
      'Refused: duration-too-long.',
    ]);
    expect(reasons(policy({ rules: [] }))).toEqual([
      'No rule was reached.',
      'Refused: no-matching-rule.',
    ]);
  });

  test('of a no that may come from a group nobody could read say that too', () => {
    const groups = { pager: { on_call: { pagerduty: 'P123ABC' }, roles: ['admin'] } };
    const rules = withRule({ requesters: { roles: ['admin'] } }, { groups });
    expect(reasons(rules)).toEqual([
      'No rule was reached.',
      'Refused: no-matching-rule.',
      'Who is in a group is unknown.',
    ]);
  });
});
