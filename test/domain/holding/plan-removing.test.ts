/** The next step of ensure when access ends, and at rest. */
import { BOUND_SECONDS, TIMING } from '../../../shared/domain/holding/timing.ts';
import {
  active,
  END,
  given,
  iso,
  maintainer,
  member,
  NONE,
  OVER,
  other,
  outcomes,
  removing,
  seen,
  wrote,
} from './given.ts';

describe('removing', () => {
  test('what we wrote and nobody wants is taken away', () => {
    expect(
      given({ grants: [removing()], ours: 'member', ...wrote(900) }, { observation: seen(member) }),
    ).toEqual({ do: 'lower', to: NONE, grantIds: ['AR-AAAAAA'] });
  });
  test('what was there before is restored', () => {
    expect(
      given(
        { grants: [removing({ role: 'maintainer' })], ours: 'maintainer', baseline: member },
        { observation: seen(maintainer) },
      ),
    ).toMatchObject({ do: 'lower', to: member });
  });
  test('an overlapping grant keeps its role', () => {
    const ending = removing({ role: 'maintainer' });
    const staying = other({ phase: 'active', issued: true });
    expect(
      given({ grants: [ending, staying], ours: 'maintainer' }, { observation: seen(maintainer) }),
    ).toMatchObject({ do: 'lower', to: { role: 'member', until: iso(END) } });
    expect(
      outcomes(
        given(
          { grants: [removing(), other({ phase: 'active', issued: true })], ours: 'member' },
          { observation: seen(member) },
        ),
      ),
    ).toEqual([{ grantId: 'AR-AAAAAA', result: 'removed', outcome: 'covered' }]);
  });
  test.each([
    ['removed', { baseline: NONE }, NONE],
    ['restored', { baseline: member, grants: [removing({ role: 'maintainer' })] }, member],
    ['never-granted', { baseline: NONE, grants: [removing({ issued: false })] }, NONE],
    ['left', { baseline: NONE, ours: 'member' }, maintainer],
  ] as const)('a grant that is over is %s', (outcome, state, membership) => {
    const grants = 'grants' in state ? [...state.grants] : [removing()];
    const step = given({ ...state, grants, ...wrote(900) }, { observation: seen(membership) });
    expect(outcomes(step)).toEqual([{ grantId: 'AR-AAAAAA', result: 'removed', outcome }]);
  });
  test('ended before anybody looked at it, a grant needs no read', () => {
    const step = given(
      { grants: [removing({ issued: false })], baseline: null },
      { observation: null },
    );
    expect(outcomes(step)).toMatchObject([{ outcome: 'never-granted' }]);
  });
  test('that our add is gone without a removal is not believed while reads may lag', () => {
    const state = { grants: [removing()], ours: 'member' };
    expect(given({ ...state, ...wrote(OVER - 1) })).toEqual({
      do: 'wait',
      until: iso(TIMING.rereadSeconds),
    });
    expect(outcomes(given({ ...state, ...wrote(OVER) }))).toMatchObject([{ outcome: 'removed' }]);
  });
  test("a human's stronger role is reported and left alone", () => {
    expect(
      given(
        { grants: [active()], ours: 'member', ...wrote(900) },
        { observation: seen(maintainer) },
      ),
    ).toEqual({ do: 'report-drift', actual: 'maintainer', expected: 'member' });
  });
  test('an inherited role is never ours', () => {
    const inherited = { role: 'member', direct: false, until: null };
    const step = given(
      { grants: [removing()], ours: 'member', ...wrote(900) },
      { observation: seen(inherited) },
    );
    expect(outcomes(step)).toMatchObject([{ outcome: 'left' }]);
  });
});

describe('at rest', () => {
  test('schedules that nobody needs are deleted', () => {
    expect(given({ staleSchedules: ['AR-AAAAAA'], baseline: null })).toEqual({
      do: 'delete-schedules',
      grantIds: ['AR-AAAAAA'],
    });
  });
  test('a holding with nothing left waits for nothing', () => {
    expect(given({ baseline: null })).toEqual({ do: 'wait', until: null });
  });
  test('an active grant waits for its end', () => {
    expect(
      given({ grants: [active()], ours: 'member', ...wrote(900) }, { observation: seen(member) }),
    ).toEqual({ do: 'wait', until: iso(END) });
  });
  test('rule e: the bound is computed from the thresholds', () => {
    const { schedulerPrecisionSeconds, overdueSeconds, sweepSeconds, heartbeatSeconds } = TIMING;
    expect(BOUND_SECONDS).toBe(
      schedulerPrecisionSeconds + overdueSeconds + sweepSeconds + heartbeatSeconds,
    );
    expect(BOUND_SECONDS).toBeLessThanOrEqual(360);
    expect(OVER).toBeLessThan(TIMING.settleSeconds);
  });
});
