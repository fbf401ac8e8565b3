/** The flags of a typed ask: where they stand, what they mean on the nights on which the clock moves, and everything that is no value. */
import fc from 'fast-check';
import { FLAGS, readFlags } from '../../../lambdas/slack/ask-flags.ts';
import { anyCharacter } from '../../support/any-text.ts';

const timezone = 'Europe/Berlin';
const NOW = new Date('2026-11-27T12:00:00.000Z');
const read = (text: string, now = NOW) => readFlags(text, { timezone, now });
const startOf = (text: string, now = NOW) => {
  const found = read(text, now);
  return found.problem ?? found.flags.start;
};

test('are taken out wherever they stand; the rest stays as it was typed', () => {
  const found = read('github:a/b --for <@U0CY|cy> member 2h --break-glass INC-9 it  burns\n now');
  expect(found).toMatchObject({
    flags: { subject: 'U0CY', breakGlass: { incident: 'INC-9' }, start: null },
    used: ['--for', '--break-glass'],
  });
  expect(found.rest).toBe('github:a/b member 2h it  burns\n now');
});

test.each([
  ['--at 2026-11-28T02:00', '2026-11-28T01:00:00.000Z', null],
  ['--at 13:01', '2026-11-27T12:01:00.000Z', null],
  ['--at 13:00', '2026-11-28T12:00:00.000Z', null],
  ['--window 2026-11-28T02:00/06:00', '2026-11-28T01:00:00.000Z', '2026-11-28T05:00:00.000Z'],
  ['--window 2026-11-28T22:00/06:00', '2026-11-28T21:00:00.000Z', '2026-11-29T05:00:00.000Z'],
  [
    '--window 2026-11-28T22:00/2026-11-30T06:00',
    '2026-11-28T21:00:00.000Z',
    '2026-11-30T05:00:00.000Z',
  ],
  // The night on which the clock springs from 02:00 to 03:00, and the one on which 02:00 to 03:00 comes twice.
  ['--at 2027-03-28T02:30', '2027-03-28T01:00:00.000Z', null],
  ['--at 2026-10-25T02:30', '2026-10-25T00:30:00.000Z', null],
  ['--window 2026-10-25T01:00/02:30', '2026-10-24T23:00:00.000Z', '2026-10-25T01:30:00.000Z'],
  ['--window 2027-03-28T01:00/02:30', '2027-03-28T00:00:00.000Z', '2027-03-28T01:00:00.000Z'],
])('%s in Berlin', (typed, notBefore, until) => {
  expect(startOf(`github:a/b ${typed}`)).toEqual({ notBefore, until });
});

test.each([
  ['--at', 'value'],
  ['--at tomorrow', 'value'],
  ['--at 24:00', 'value'],
  ['--at 2026-02-30T10:00', 'value'],
  ['--at 2026-11-28', 'value'],
  ['--at 2026-11-28T02:00Z', 'value'],
  ['--at ２６:００', 'value'],
  ['--window 02:00', 'value'],
  ['--window 02:00/', 'value'],
  ['--window /06:00', 'value'],
  ['--window 02:00/03:00/04:00', 'value'],
  ['--window 2026-11-28T02:00/2026-02-30T06:00', 'value'],
  ['--for @cy', 'value'],
  ['--for', 'value'],
  ['--for <@U0CY', 'value'],
  ['--for <!channel>', 'value'],
  ['--for <@U0CY|a> --for <@U0BO>', 'twice'],
  ['--at 10:00 --at 11:00', 'twice'],
  ['--at 10:00 --window 10:00/11:00', 'together'],
])('"%s" is no flag: %s', (typed, wrong) => {
  const found = read(`github:a/b member 2h why ${typed}`);
  expect(found).toMatchObject({ problem: { wrong } });
});

test.each([
  ['--break-glass INC-123 why', 'INC-123', 'why'],
  ['--break-glass', null, ''],
  ['--break-glass the site burns', null, 'the site burns'],
  ['--break-glass --at 10:00', null, ''],
])('%s: the incident is %s', (typed, incident, left) => {
  const found = read(typed);
  expect(found).toMatchObject({ flags: { breakGlass: { incident } } });
  expect(found.rest.trim()).toBe(left);
});

test('what only looks like a flag stays in the reason', () => {
  for (const text of ['a --force b', 'a--for b', '--forest', '-–for <@U0CY>', '--FOR <@U0CY>'])
    expect(read(text)).toMatchObject({ used: [], rest: text });
});

test('any line is read in a moment, and a problem never repeats more than a little of it', () => {
  const piece = fc.oneof(
    fc.constantFrom(...FLAGS, '10:00', '<@U0CY>', 'INC-1', '2026-11-28T02:00/06:00', ' ', '\n'),
    fc.string({ maxLength: 40, unit: anyCharacter }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const found = read(pieces.join(' '));
      if (found.problem) expect(found.problem.typed.length).toBeLessThanOrEqual(80);
      expect(found.rest.length).toBeLessThanOrEqual(pieces.join(' ').length);
    }),
    { numRuns: 200 },
  );
  const long = `${'--for '.repeat(2000)}${'x'.repeat(100_000)}`;
  expect(read(long)).toMatchObject({ problem: { wrong: 'twice' } });
});
