/** A reset of somebody who lost everything: started, confirmed, waited for, used; and what it makes of the authenticator. */
import type { Reset } from '../../../shared/domain/authenticator/model.ts';
import {
  type ConfirmedReset,
  confirmReset,
  isBeingReset,
  openStart,
  type StartedReset,
  startReset,
  usableReset,
} from '../../../shared/domain/authenticator/reset.ts';
import { iso, later } from '../../support/samples.ts';
import { authenticator } from './given.ts';

const DAY = 86_400;
const head = { resetId: 'reset-0001', startedBy: 'U0DEE', startedAt: iso() };
const started = (changes: Partial<StartedReset> = {}): StartedReset => ({
  ...{ stage: 'started', ...head, confirmUntil: iso(DAY), renews: false },
  ...changes,
});
const confirmed: ConfirmedReset = {
  ...{ stage: 'confirmed', ...head, confirmedBy: 'U0BO', confirmedAt: iso(60) },
  ...{ opensAt: iso(660), closesAt: iso(660 + 3 * DAY) },
};
const begin = (reset: Reset | null, seconds: number, admin = 'U0DEE') => {
  const by = { resetId: 'reset-0002', admin, confirmers: ['U0BO'] };
  const begun = startReset(authenticator({ reset }), by, later(seconds));
  return begun.ok ? begun.value : begun.error;
};
const anew = (seconds: number, renews: boolean) => ({
  ...{ stage: 'started', resetId: 'reset-0002', startedBy: 'U0DEE', startedAt: iso(seconds) },
  ...{ confirmUntil: iso(seconds + DAY), renews },
});

test('somebody else may hold it from the confirmation on, also while a new start renews that', () => {
  const being = (reset: Reset | null) => isBeingReset(authenticator({ reset }));
  expect([null, started(), started({ renews: true }), confirmed].map(being)).toEqual([
    ...[false, false, true, true],
  ]);
});

test('a start waits a day for its second person', () => {
  expect(openStart(started(), later(DAY - 0.001))).toEqual(started());
  expect(openStart(started(), later(DAY))).toBeNull();
  expect(openStart(confirmed, later(0))).toBeNull();
  expect(openStart(null, later(0))).toBeNull();
});

describe('a start', () => {
  test('begins anew where there was none, or one that ran out', () => {
    expect(begin(null, 100)).toEqual(anew(100, false));
    expect(begin(started(), DAY)).toEqual(anew(DAY, false));
  });

  test('is not repeated while one waits for its second person', () => {
    expect(begin(started(), 100)).toEqual({ code: 'second-person-needed', confirmers: ['U0BO'] });
    expect(begin(started(), 100, 'U0CY')).toEqual({ code: 'reset-started', by: 'U0DEE' });
  });

  test('waits for a confirmed one to be over, and keeps the authenticator out of use', () => {
    const end = 660 + 3 * DAY;
    expect(begin(confirmed, end - 1)).toEqual({ code: 'reset-under-way', opensAt: iso(660) });
    expect(begin(confirmed, end)).toEqual(anew(end, true));
    expect(begin(started({ renews: true }), DAY)).toEqual(anew(DAY, true));
  });
});

test('a confirmation opens after the delay for three days, and voids what was approved before', () => {
  const by = { reset: started({ renews: true }), peer: 'U0BO', delaySeconds: 600 };
  const present = authenticator({ lastStep: 9 });
  expect(confirmReset(present, by, later(60))).toEqual({
    ...present,
    approvalsVoidUntil: iso(60),
    reset: confirmed,
  });
});

test.each([
  [659.999, { ok: false, error: { code: 'reset-waiting', until: iso(660) } }],
  [660, { ok: true, value: confirmed }],
  [659.999 + 3 * DAY, { ok: true, value: confirmed }],
  [660 + 3 * DAY, { ok: false, error: { code: 'reset-over' } }],
])('at %s s it can be used: %j', (seconds, wanted) => {
  expect(usableReset(confirmed, later(seconds))).toEqual(wanted);
});
