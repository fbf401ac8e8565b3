/** Freeze windows: when they hold, for whom, and what they never stop. */
import { endOf } from '../../../shared/domain/policy/clauses/freeze.ts';
import { evaluate, standsBehind, type Verdict } from '../../../shared/domain/policy/evaluate.ts';
import { Freeze } from '../../../shared/domain/policy/schema/freeze.ts';
import { approvedBy, ask, BO, CY, DEE, facts, policy } from './given.ts';

const refusal = (verdict: Verdict) => (verdict.permitted ? 'permitted' : verdict.refusal);

const yearEnd = { name: 'year-end', from: '2026-12-20T18:00', to: '2027-01-04T08:00' };
const weekend = { name: 'weekend', every: { from: 'fri 16:00', to: 'mon 08:00' } };
const nights = { name: 'night', every: { from: 'tue 22:00', to: 'tue 06:00' } };
const daily = { name: 'lunch', every: { from: 'wed 12:00', to: 'wed 13:00' } };
const repeated = { name: 'clock', from: '2026-10-25T02:30', to: '2026-10-25T02:45' };
const skipped = { name: 'jump', from: '2026-03-29T02:30', to: '2026-03-29T02:45' };

const endIn = (written: object, now: string): string | null =>
  endOf(Freeze.parse(written), 'Europe/Berlin', new Date(now))?.toISOString() ?? null;

describe('a window', () => {
  test.each([
    [yearEnd, '2026-12-20T16:59:59.999Z', null],
    [yearEnd, '2026-12-20T17:00:00.000Z', '2027-01-04T07:00:00.000Z'],
    [yearEnd, '2027-01-04T06:59:59.999Z', '2027-01-04T07:00:00.000Z'],
    [yearEnd, '2027-01-04T07:00:00.000Z', null],
    [weekend, '2026-11-20T14:59:59.999Z', null],
    [weekend, '2026-11-20T15:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    [weekend, '2026-11-22T12:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    [weekend, '2026-11-23T07:00:00.000Z', null],
    // The clocks go back within it: an hour longer, still eight o'clock on the wall.
    [weekend, '2026-10-24T12:00:00.000Z', '2026-10-26T07:00:00.000Z'],
    [weekend, '2026-03-28T12:00:00.000Z', '2026-03-30T06:00:00.000Z'],
    [nights, '2026-11-24T20:59:59.999Z', null],
    [nights, '2026-11-24T21:00:00.000Z', '2026-12-01T05:00:00.000Z'],
    [nights, '2026-11-24T12:00:00.000Z', null],
    [nights, '2026-12-01T04:59:59.999Z', '2026-12-01T05:00:00.000Z'],
    [daily, '2026-11-25T11:30:00.000Z', '2026-11-25T12:00:00.000Z'],
    [daily, '2026-11-25T12:00:00.000Z', null],
    // A time that comes twice holds from its first coming to the end of its last.
    [repeated, '2026-10-25T00:29:59.999Z', null],
    [repeated, '2026-10-25T00:30:00.000Z', '2026-10-25T01:45:00.000Z'],
    [repeated, '2026-10-25T01:10:00.000Z', '2026-10-25T01:45:00.000Z'],
    // A time that the day skips is the instant of the jump.
    [skipped, '2026-03-29T01:00:00.000Z', null],
  ])('%j at %s ends %s', (written, now, end) => {
    expect(endIn(written, now)).toBe(end);
  });
});

const frozen = (more: object = {}) =>
  policy({ freeze: [{ name: 'now', from: '2026-11-23T09:00', to: '2026-11-23T12:00', ...more }] });
const REFUSED = { code: 'frozen', freeze: 'now', until: '2026-11-23T11:00:00.000Z' };
const waiting = { requestId: 'AR-7K2M9Q', justification: { accepted: true } } as const;

describe('inside a window', () => {
  test('an ask is refused and says when it ends', () => {
    expect(refusal(evaluate(frozen(), ask(), facts()))).toEqual(REFUSED);
  });

  test('an approval is refused, whoever is asked about', () => {
    const decision = ask(waiting);
    for (const more of [{}, { candidate: BO }, { decider: BO }, { approvals: approvedBy(CY) }])
      expect(refusal(evaluate(frozen(), decision, facts(more)))).toEqual(REFUSED);
  });

  test('what it does not name goes on', () => {
    const other = frozen({ entitlements: ['github:acme/payroll', 'gitlab:*'] });
    expect(evaluate(other, ask(), facts()).permitted).toBe(true);
    const payroll = ask({ entitlement: 'github:acme/payroll' });
    expect(refusal(evaluate(other, payroll, facts()))).toEqual(REFUSED);
  });

  test('whom it excepts may ask, by name or role', () => {
    for (const except of [{ people: ['ana'] }, { roles: ['developer'] }])
      expect(evaluate(frozen({ except }), ask(), facts()).permitted).toBe(true);
    expect(refusal(evaluate(frozen({ except: { people: ['bo'] } }), ask(), facts()))).toEqual(
      REFUSED,
    );
  });

  test('whom it excepts may approve what others asked, and nobody else may', () => {
    const rules = frozen({ except: { roles: ['admin'] } });
    const by = (slack: string) => evaluate(rules, ask(waiting), facts({ candidate: slack }));
    expect(by(DEE)).toMatchObject({ permitted: true, candidate: { may: true } });
    expect(refusal(by(BO))).toEqual(REFUSED);
  });

  test('somebody who is not in the policy is nobody it excepts', () => {
    const rules = frozen({ except: { roles: ['admin'] } });
    expect(refusal(evaluate(rules, ask(waiting), facts({ decider: 'U0GHOST' })))).toEqual(REFUSED);
  });

  test('an exception of somebody who only looks on is none for the asker', () => {
    const rules = frozen({ except: { roles: ['admin'] } });
    expect(refusal(evaluate(rules, ask(), facts({ candidate: DEE, decider: DEE })))).toEqual(
      REFUSED,
    );
  });

  test('what was decided before is still issued', () => {
    expect(standsBehind(frozen(), ask(), facts({ approvals: approvedBy(BO) }))).toMatchObject({
      permitted: true,
      approvals: { satisfied: true },
    });
  });

  test('one that is over, or somewhere else, does not hide the next', () => {
    const now = { name: 'now', from: '2026-11-23T09:00', to: '2026-11-23T12:00' };
    for (const first of [
      { name: 'over', from: '2026-11-22T09:00', to: '2026-11-22T12:00' },
      { ...now, name: 'elsewhere', entitlements: ['gitlab:*'] },
    ])
      expect(refusal(evaluate(policy({ freeze: [first, now] }), ask(), facts()))).toEqual(REFUSED);
  });

  test('the second window holds where the first excepts', () => {
    const twice = policy({
      freeze: [
        {
          name: 'one',
          from: '2026-11-23T09:00',
          to: '2026-11-23T12:00',
          except: { people: ['ana'] },
        },
        { name: 'two', from: '2026-11-23T09:30', to: '2026-11-23T11:00' },
      ],
    });
    expect(refusal(evaluate(twice, ask(), facts()))).toMatchObject({
      code: 'frozen',
      freeze: 'two',
    });
  });
});
