import { isWorkingTime } from '../../../shared/domain/policy/working-hours.ts';

const week: ('mon' | 'tue' | 'wed' | 'thu' | 'fri')[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const office = { days: week, from: '08:00', to: '19:00' };
const night = { days: week, from: '22:00', to: '06:00' };

test.each([
  ['Monday 07:59', '2026-11-23T06:59:59Z', false],
  ['Monday 08:00', '2026-11-23T07:00:00Z', true],
  ['Monday 18:59', '2026-11-23T17:59:59Z', true],
  ['Monday 19:00', '2026-11-23T18:00:00Z', false],
  ['Sunday noon', '2026-11-22T11:00:00Z', false],
  ['Friday noon', '2026-11-27T11:00:00Z', true],
  ['Saturday noon', '2026-11-28T11:00:00Z', false],
  ['a leap day, Thursday noon', '2024-02-29T11:00:00Z', true],
])('%s in Berlin is office time: %#', (_, instant, expected) => {
  expect(isWorkingTime(office, 'Europe/Berlin', new Date(instant))).toBe(expected);
});

test.each([
  ['in winter 08:00 is 07:00 UTC', '2026-10-26T07:00:00Z', true],
  ['in winter 07:00 UTC minus a minute is too early', '2026-10-26T06:59:00Z', false],
  ['in summer 08:00 is 06:00 UTC', '2026-10-23T06:00:00Z', true],
  ['in summer 06:00 UTC minus a minute is too early', '2026-10-23T05:59:00Z', false],
])('daylight saving: %s', (_, instant, expected) => {
  expect(isWorkingTime(office, 'Europe/Berlin', new Date(instant))).toBe(expected);
});

test('they may begin and end within an hour', () => {
  const hours = { days: week, from: '08:30', to: '16:45' };
  const at = (time: string) =>
    isWorkingTime(hours, 'Europe/Berlin', new Date(`2026-11-23T${time}:00Z`));
  expect(['07:29', '07:30', '15:44', '15:45'].map(at)).toEqual([false, true, true, false]);
});

test('the hour that happens twice in autumn counts both times', () => {
  const hours = { days: ['sun' as const], from: '02:00', to: '03:00' };
  for (const instant of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
    expect(isWorkingTime(hours, 'Europe/Berlin', new Date(instant))).toBe(true);
  expect(isWorkingTime(hours, 'Europe/Berlin', new Date('2026-10-25T02:00:00Z'))).toBe(false);
});

test('the hour that spring skips never comes', () => {
  const hours = { days: ['sun' as const], from: '02:00', to: '03:00' };
  for (const instant of ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z'])
    expect(isWorkingTime(hours, 'Europe/Berlin', new Date(instant))).toBe(false);
});

test.each([
  ['Monday 21:59', '2026-11-23T20:59:00Z', false],
  ['Monday 22:00', '2026-11-23T21:00:00Z', true],
  ['Tuesday 05:59, begun on Monday', '2026-11-24T04:59:00Z', true],
  ['Tuesday 06:00', '2026-11-24T05:00:00Z', false],
  ['Saturday 05:00, begun on Friday', '2026-11-28T04:00:00Z', true],
  ['Saturday 23:00', '2026-11-28T22:00:00Z', false],
  ['Monday 05:00, begun on Sunday', '2026-11-23T04:00:00Z', false],
])('across midnight, %s is inside: %#', (_, instant, expected) => {
  expect(isWorkingTime(night, 'Europe/Berlin', new Date(instant))).toBe(expected);
});

test('midnight itself is hour zero of the new day', () => {
  const hours = { days: ['tue' as const], from: '00:00', to: '00:01' };
  expect(isWorkingTime(hours, 'UTC', new Date('2026-11-24T00:00:00Z'))).toBe(true);
  expect(isWorkingTime(hours, 'UTC', new Date('2026-11-23T23:59:59Z'))).toBe(false);
});

test('the day is the one of the time zone, not of UTC', () => {
  const instant = new Date('2026-11-23T02:00:00Z');
  const evening = { days: ['sun' as const], from: '20:00', to: '22:00' };
  expect(isWorkingTime(evening, 'America/New_York', instant)).toBe(true);
  expect(isWorkingTime(evening, 'UTC', instant)).toBe(false);
});
