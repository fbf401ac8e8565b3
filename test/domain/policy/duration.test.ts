import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../../shared/domain/duration.ts';

test.each([
  ['1m', 60],
  ['90m', 5400],
  ['2h', 7200],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['2d12h', 216_000],
  ['1d2h3m', 93_780],
  ['30m1h', 5400],
  ['9999d', 863_913_600],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  ...[
    '',
    ' ',
    '0',
    '2',
    'h',
    '0m',
    '0h',
    '00m',
    '01h',
    '0h30m',
    '-1h',
    '+1h',
    '--1h',
    '1.5h',
    '1,5h',
  ],
  ...[
    '2H',
    '2M',
    '2s',
    '2w',
    '2y',
    '2 h',
    ' 2h',
    '2h ',
    '2h\n',
    '2h;',
    '2h; drop',
    '2h drop',
    '1e3m',
  ],
  ...[
    '２h',
    '٢h',
    '2һ',
    '1h1h',
    '1h30m2h',
    '1d2h3m4m',
    '2h\u200b',
    '0x10h',
    'Infinityd',
    'NaNm',
    '1_000m',
  ],
  ...[
    '9999999999999999999999d',
    '999999999999999d',
    'null',
    '2hours',
    'until 17:30',
    `${'1'.repeat(100_000)}m`,
  ],
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each([
  [0, '0m'],
  [45, '45s'],
  [60, '1m'],
  [5400, '1h 30m'],
  [7200, '2h'],
  [216_000, '2d 12h'],
  [90_061, '1d 1h 1m 1s'],
])('%i seconds are shown as %s', (seconds, shown) => {
  expect(formatDuration(seconds)).toBe(shown);
});

test('what is shown, without its spaces, is read back as the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 * 24 * 400 }), (minutes) => {
      const shown = formatDuration(minutes * 60).replaceAll(' ', '');
      expect(parseDuration(shown)).toBe(minutes * 60);
    }),
  );
});

test('no text is read as less than a minute, or as no number', () => {
  const pieces = fc.constantFrom('0', '1', '9', 'm', 'h', 'd', '-', '.', ' ', 'e');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (letters) => {
      const seconds = parseDuration(letters.join(''));
      expect(seconds === null || (Number.isSafeInteger(seconds) && seconds >= 60)).toBe(true);
    }),
  );
});
