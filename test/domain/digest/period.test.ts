/** Which digest is due when, and whose events it counts. */
import { dayOf } from '../../../shared/domain/digest/local-day.ts';
import { type DigestPeriod, periodAt } from '../../../shared/domain/digest/period.ts';
import { inForce } from '../../support/company.ts';

type Days = ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
type Written = { at?: string; days?: Days };
const timetable = (timezone: string, digest?: Written) =>
  inForce({ timezone, ...(digest ? { digest } : {}) }).policy;
const berlin = timetable('Europe/Berlin');
const at = (instant: string, policy = berlin): DigestPeriod | null =>
  periodAt(new Date(instant), policy);

test('without the key it is due at nine, every day, until midnight of the policy zone', () => {
  expect(at('2026-11-22T07:59:59Z')).toBeNull();
  expect(at('2026-11-22T08:00:00Z')).toMatchObject({
    day: '2026-11-22',
    dueAt: new Date('2026-11-22T08:00:00Z'),
    endsAt: new Date('2026-11-22T23:00:00Z'),
    counted: { from: new Date('2026-11-20T23:00:00Z'), to: new Date('2026-11-21T23:00:00Z') },
  });
  expect(at('2026-11-22T22:59:59Z')?.day).toBe('2026-11-22');
  expect(at('2026-11-22T23:00:00Z')).toBeNull();
});

test('it counts the 23 hours of the day on which the clock sprang forward, and the 25 of the other', () => {
  const hours = (instant: string) => {
    const period = at(instant);
    if (!period) throw new Error('No period');
    return (period.counted.to.getTime() - period.counted.from.getTime()) / 3_600_000;
  };
  expect(hours('2026-03-30T09:00:00Z')).toBe(23);
  expect(hours('2026-10-26T09:00:00Z')).toBe(25);
});

test('at a time that the day skips, it is due at the jump', () => {
  const early = timetable('Europe/Berlin', { at: '02:30' });
  expect(at('2026-03-29T00:59:59Z', early)).toBeNull();
  expect(at('2026-03-29T01:00:00Z', early)?.day).toBe('2026-03-29');
});

test('at a time that comes twice, it is due from the first coming on, also while the clock shows an earlier time again', () => {
  const early = timetable('Europe/Berlin', { at: '02:30' });
  expect(at('2026-10-25T00:29:59Z', early)).toBeNull();
  for (const instant of ['2026-10-25T00:30:00Z', '2026-10-25T01:05:00Z', '2026-10-25T01:30:00Z'])
    expect(at(instant, early)).toMatchObject({
      day: '2026-10-25',
      dueAt: new Date('2026-10-25T00:30:00Z'),
    });
});

test('in the evening hour that the day loses, it is due half an hour before the end', () => {
  const late = timetable('America/Nuuk', { at: '23:15' });
  expect(at('2026-03-29T00:30:00Z', late)).toMatchObject({
    day: '2026-03-28',
    dueAt: new Date('2026-03-29T00:30:00Z'),
    endsAt: new Date('2026-03-29T01:00:00Z'),
  });
});

test('on weekdays only, Monday counts from the start of Friday', () => {
  const office = timetable('Europe/Berlin', {
    at: '09:00',
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  });
  expect(at('2026-11-22T12:00:00Z', office)).toBeNull();
  expect(at('2026-11-23T08:00:00Z', office)).toMatchObject({
    previousDay: '2026-11-20',
    counted: { from: new Date('2026-11-19T23:00:00Z'), to: new Date('2026-11-22T23:00:00Z') },
  });
  expect(at('2026-11-24T08:00:00Z', office)?.previousDay).toBe('2026-11-23');
});

test('once a week, it counts the week', () => {
  const weekly = timetable('UTC', { days: ['sun'] });
  expect(at('2026-11-22T09:00:00Z', weekly)?.counted.from).toEqual(
    new Date('2026-11-15T00:00:00Z'),
  );
});

test('a date that the zone never had is no day before', () => {
  const apia = timetable('Pacific/Apia');
  expect(at('2011-12-31T00:00:00Z', apia)).toMatchObject({
    day: '2011-12-31',
    previousDay: '2011-12-29',
  });
});

test('once a week on a date that the zone skipped, it counts from the week before', () => {
  const weekly = timetable('Pacific/Apia', { days: ['fri'] });
  expect(at('2012-01-06T00:00:00Z', weekly)).toMatchObject({
    ...{ day: '2012-01-06', previousDay: '2011-12-23' },
    counted: { from: new Date('2011-12-23T10:00:00Z'), to: new Date('2012-01-05T10:00:00Z') },
  });
});

test('a day whose last hour comes again after its midnight is over all the same', () => {
  const newfoundland = timetable('America/St_Johns');
  const day = '2010-11-06';
  expect(at('2010-11-07T02:29:59Z', newfoundland)?.day).toBe(day);
  expect(dayOf(new Date('2010-11-07T02:45:00Z'), 'America/St_Johns')).toBe(day);
  expect(at('2010-11-07T02:45:00Z', newfoundland)).toBeNull();
});

test.each(['23:31', '23:59', '24:00', '9:00', '09:60', '', '09:00 '])(
  'a policy that wants it at "%s" is refused',
  (time) => {
    expect(() => timetable('Europe/Berlin', { at: time })).toThrow(/digest|time of day|own day/);
  },
);

test('a policy with an unknown weekday, no weekday or an unknown key is refused', () => {
  for (const digest of [{ days: ['someday'] }, { days: [] }, { hour: 9 }])
    expect(() => inForce({ digest })).toThrow();
});
