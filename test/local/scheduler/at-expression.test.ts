import { parseAt } from '../../../local/scheduler/at-expression.ts';

const iso = (expression: string, timezone = 'UTC') =>
  new Date(parseAt(`at(${expression})`, timezone)).toISOString();

it.each([
  ['2026-11-22T10:00:00', 'UTC', '2026-11-22T10:00:00.000Z'],
  ['2026-11-22T10:00:00', 'Europe/Berlin', '2026-11-22T09:00:00.000Z'],
  ['2026-07-22T10:00:00', 'Europe/Berlin', '2026-07-22T08:00:00.000Z'],
  ['2026-11-22T00:15:00', 'America/New_York', '2026-11-22T05:15:00.000Z'],
  ['2026-01-01T00:00:30', 'Asia/Kathmandu', '2025-12-31T18:15:30.000Z'],
  ['2028-02-29T23:59:59', 'Pacific/Kiritimati', '2028-02-29T09:59:59.000Z'],
])('reads %s in %s as %s', (expression, timezone, instant) => {
  expect(iso(expression, timezone)).toBe(instant);
});

it.each([
  ['the hour before clocks go back', '2026-10-25T01:59:59', '2026-10-24T23:59:59.000Z'],
  [
    'an hour that occurs twice as its first occurrence',
    '2026-10-25T02:30:00',
    '2026-10-25T00:30:00.000Z',
  ],
  ['the hour after clocks went back', '2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
  ['the last second before clocks go forward', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
  ['a skipped time as much later', '2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  ['the first hour of summer time', '2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
])('reads %s', (_what, expression, instant) => {
  expect(iso(expression, 'Europe/Berlin')).toBe(instant);
});

it.each([
  'at(2026-02-30T10:00:00)',
  'at(2026-11-22T24:00:00)',
  'at(2026-13-01T00:00:00)',
  'at(2026-11-22T10:00)',
  'at(2026-11-22T10:00:00Z)',
  'at(2026-11-22 10:00:00)',
  '2026-11-22T10:00:00',
  'at()',
  '',
])('refuses %j', (expression) => {
  expect(() => parseAt(expression, 'UTC')).toThrow('Invalid Schedule Expression');
});

it.each(['rate(5 minutes)', 'cron(0 10 * * ? *)'])(
  'says that %s is not supported',
  (expression) => {
    expect(() => parseAt(expression, 'UTC')).toThrow(`${expression} is not supported here`);
  },
);

it('refuses a time zone that does not exist', () => {
  expect(() => parseAt('at(2026-11-22T10:00:00)', 'Mars/Base')).toThrow('Timezone Mars/Base');
});
