/** Days and times of day as the zone's own clock shows them: days of 23 and 25 hours, times that never come and times that come twice. */
import fc from 'fast-check';
import {
  dayAfter,
  dayBefore,
  dayOf,
  lastMomentOf,
  momentOf,
  startOfDay,
  weekdayOf,
} from '../../../shared/domain/digest/local-day.ts';

const hoursOf = (day: string, zone: string): number =>
  (startOfDay(dayAfter(day), zone).getTime() - startOfDay(day, zone).getTime()) / 3_600_000;

test.each([
  ['an ordinary day', '2026-11-22', 'Europe/Berlin', 24],
  ['the day on which Berlin springs forward', '2026-03-29', 'Europe/Berlin', 23],
  ['the day on which Berlin falls back', '2026-10-25', 'Europe/Berlin', 25],
  ['Lord Howe moves by half an hour', '2026-10-04', 'Australia/Lord_Howe', 23.5],
  ['and back by half an hour', '2026-04-05', 'Australia/Lord_Howe', 24.5],
  ['Nuuk loses the last hour of its Saturday', '2026-03-28', 'America/Nuuk', 23],
  ['Cairo has no midnight', '2026-04-24', 'Africa/Cairo', 23],
  ['Havana has its midnight twice', '2026-11-01', 'America/Havana', 25],
  ['Kathmandu is 5:45 ahead and never moves', '2026-07-01', 'Asia/Kathmandu', 24],
  ['Apia went without a whole Friday', '2011-12-30', 'Pacific/Apia', 0],
])('%s: %s in %s has %d hours', (_what, day, zone, hours) => {
  expect(hoursOf(day, zone)).toBe(hours);
});

test.each([
  ['a time that the day skips comes at the jump', '2026-03-29', '02:30', '2026-03-29T01:00:00Z'],
  ['a time that comes twice counts once, early', '2026-10-25', '02:30', '2026-10-25T00:30:00Z'],
  ['the morning after the jump', '2026-03-29', '09:00', '2026-03-29T07:00:00Z'],
  ['the morning after the hour came twice', '2026-10-25', '09:00', '2026-10-25T08:00:00Z'],
  ['an ordinary winter morning', '2026-11-22', '09:00', '2026-11-22T08:00:00Z'],
])('%s: %s %s in Berlin is %s', (_what, day, time, instant) => {
  expect(momentOf(day, time, 'Europe/Berlin')).toEqual(new Date(instant));
});

test.each([
  ['Asia/Kathmandu', '2026-11-22', '2026-11-22T03:15:00Z'],
  ['Pacific/Chatham', '2026-11-22', '2026-11-21T19:15:00Z'],
  ['Pacific/Kiritimati', '2026-11-22', '2026-11-21T19:00:00Z'],
  ['Pacific/Marquesas', '2026-11-22', '2026-11-22T18:30:00Z'],
  ['UTC', '2026-11-22', '2026-11-22T09:00:00Z'],
])('nine in the morning in %s', (zone, day, instant) => {
  expect(momentOf(day, '09:00', zone)).toEqual(new Date(instant));
});

test('a time in the hour that the end of a day loses comes with the next day', () => {
  expect(momentOf('2026-03-28', '23:30', 'America/Nuuk')).toEqual(
    startOfDay('2026-03-29', 'America/Nuuk'),
  );
});

test('a day begins with its first second, and with the first part of it', () => {
  const dayAt = (instant: string) => dayOf(new Date(instant), 'Europe/Berlin');
  expect(dayAt('2026-11-21T23:00:00.500Z')).toBe('2026-11-22');
  expect(dayAt('2026-11-21T23:00:30.000Z')).toBe('2026-11-22');
  expect(dayAt('2026-11-21T22:59:59.999Z')).toBe('2026-11-21');
});

test('a zone whose clock once differed by odd seconds keeps them', () => {
  expect(startOfDay('1971-06-01', 'Africa/Monrovia')).toEqual(new Date('1971-06-01T00:44:30Z'));
  expect(dayOf(new Date('1971-06-01T00:44:29Z'), 'Africa/Monrovia')).toBe('1971-05-31');
});

test('a time that comes twice has a last coming too', () => {
  const last = (day: string, time: string) => lastMomentOf(day, time, 'Europe/Berlin');
  expect(last('2026-10-25', '02:30')).toEqual(new Date('2026-10-25T01:30:00Z'));
  expect(last('2026-11-22', '09:05')).toEqual(new Date('2026-11-22T08:05:00Z'));
});

test('calendar steps know months, years and leap days', () => {
  expect(dayAfter('2028-02-28')).toBe('2028-02-29');
  expect(dayAfter('2026-12-31')).toBe('2027-01-01');
  expect(dayBefore('2026-03-01')).toBe('2026-02-28');
  const week = ['16', '17', '18', '19', '20', '21', '22'].map((day) => weekdayOf(`2026-11-${day}`));
  expect(week).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
});

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Nuuk',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'America/St_Johns',
];

test('whatever the instant, it lies in the day that the zone shows, and days follow each other without a gap', () => {
  const from = Date.UTC(2024, 0, 1);
  const instant = fc.integer({ min: 0, max: 5 * 365 * 1440 }).map((m) => from + m * 60_000);
  fc.assert(
    fc.property(instant, fc.constantFrom(...ZONES), (ms, zone) => {
      const day = dayOf(new Date(ms), zone);
      expect(day).toBe(new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(ms));
      expect(startOfDay(day, zone).getTime()).toBeLessThanOrEqual(ms);
      expect(startOfDay(dayAfter(day), zone).getTime()).toBeGreaterThan(ms);
    }),
    { numRuns: 150 },
  );
});
