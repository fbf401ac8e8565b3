import * as fc from 'fast-check';
import { reminderAt } from '../../../shared/domain/access-request/reminder.ts';
import { iso } from '../../support/samples.ts';

const MINUTE = 60;
const at = (seconds: number) => reminderAt({ authorizedAt: iso(), expiresAt: iso(seconds) });

test.each([
  ['1 minute', 1, null],
  ['29 minutes', 29, null],
  ['30 minutes: in the middle', 30, 15],
  ['2 hours: 15 minutes before', 120, 105],
  ['150 minutes: a tenth is 15 minutes', 150, 135],
  ['8 hours: a tenth before', 480, 432],
  ['30 days: three days before', 43_200, 38_880],
])('a grant of %s', (_, minutes, wanted) => {
  expect(at(minutes * MINUTE)).toBe(wanted === null ? null : iso(wanted * MINUTE));
});

test('it never comes in the first half, nor later than 15 minutes before the end', () => {
  void fc.assert(
    fc.property(fc.integer({ min: 60, max: 365 * 86_400 }), (seconds) => {
      const found = at(seconds);
      if (found === null) return expect(seconds).toBeLessThan(30 * MINUTE);
      expect(found >= iso(Math.floor(seconds / 2))).toBe(true);
      expect(found <= iso(seconds - 15 * MINUTE)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
