/** Files made to cost time or memory, or to be read differently by people and programs. */
import { MAX_POLICY_BYTES } from '../../shared/adapters/policy-file.ts';
import { evaluate } from '../../shared/domain/policy/evaluate.ts';
import { ask, facts } from '../domain/policy/given.ts';
import { bytes, change, first, GOOD, place, read, report } from './policy-file-given.ts';

describe('YAML that people and programs read differently is refused at its place', () => {
  test.each([
    ['an anchor', change('roles: [lead], acc', 'roles: &l [lead], acc'), '8:29 Anchors (&)'],
    ['an alias', change('roles: [lead], acc', 'roles: *l, acc'), '8:29 Aliases (*)'],
    ['an unquoted *', change('["github:acme/*"]', '[*]'), '18:20 Aliases (*)'],
    ['a merge key', change('  developer: {}', '  <<: {}'), '4:3 Merge keys (<<)'],
    ['a tag', change('max_duration: 2h', 'max_duration: !!str 2h'), '20:19 Tags (!)'],
    ['a tag of its own', change('max_duration: 2h', 'max_duration: !run 2h'), '20:19 Tags (!)'],
    ['a directive', `%YAML 1.1\n---\n${GOOD}`, '1:1 Directives (%)'],
    ['a repeated key', `${GOOD}version: 1\n`, '24:1 The key "version" is here twice'],
    [
      'a repeated key in quotes',
      change('  lead:', '  "developer":'),
      '5:3 The key "developer" is here twice',
    ],
    [
      'a repeated key in a flow map',
      change('{ slack: U0ANA,', '{ slack: U0ANA, slack: U0BO,'),
      '7:24 The key "slack" is here twice',
    ],
    ['a tab for indentation', change('  developer: {}', '\tdeveloper: {}'), '4:1 A tab'],
    ['a tab in a line', change('version: 1', 'version:\t1'), '1:9 A tab'],
    ['a second document', `${GOOD}---\n${GOOD}`, '24:1 A second document'],
    ['a second document after an end', `${GOOD}...\n${GOOD}`, '25:1 A second document'],
    ['octal', change('count: 1', 'count: 01'), '22:43 01 is read differently'],
    ['YAML 1.2 octal', change('count: 1', 'count: 0o1'), '22:43 0o1 is read differently'],
    ['hexadecimal', change('count: 1', 'count: 0x1'), '22:43 0x1 is read differently'],
    ['an exponent', change('count: 1', 'count: 1e0'), '22:43 1e0 is read differently'],
    ['a fraction', change('version: 1', 'version: 1.0'), '1:10 1.0 is read differently'],
    ['a sign', change('version: 1', 'version: +1'), '1:10 +1 is read differently'],
    ['infinity', change('count: 1', 'count: .inf'), '22:43 .inf is read differently'],
    ['a key that is a number', change('  developer: {}', '  1: {}'), '4:3 A key that is not text'],
    ['a key that is true', change('  developer: {}', '  true: {}'), '4:3 A key that is not text'],
    ['a key that is nothing', change('  developer: {}', '  ~: {}'), '4:3 A key that is not text'],
    ['a key that is a list', change('  developer: {}', '  [a]: {}'), '4:3 A key that is not text'],
    ['__proto__', change('  developer: {}', '  __proto__: {}'), '4:3 "__proto__" cannot be a key'],
    ['constructor', change('  lead:', '  constructor:'), '5:3 "constructor" cannot be a key'],
    [
      'a comment that other programs end earlier',
      change('version: 1', 'version: 1 # a\rrules: []'),
      '1:15 A carriage return without a line feed',
    ],
    [
      'NUL',
      change('version: 1', 'version: 1 #\0'),
      '1:13 An invisible or control character, U+0000',
    ],
    [
      'ANSI',
      change('version: 1', 'version: 1 #\u001b[31m'),
      '1:13 An invisible or control character, U+001B',
    ],
    [
      'a zero-width space',
      change('  lead:', '  le\u200bad:'),
      '5:5 An invisible or control character, U+200B',
    ],
    [
      'right-to-left override in a comment',
      change('version: 1', 'version: 1 # \u202e'),
      '1:14 An invisible or control character, U+202E',
    ],
    [
      'a tag character',
      change('version: 1', 'version: 1 # \u{e0041}'),
      '1:14 An invisible or control character, U+E0041',
    ],
    [
      'a line separator',
      change('version: 1', 'version: 1 # \u2028'),
      '1:14 An invisible or control character, U+2028',
    ],
    [
      'a second byte order mark',
      `\uFEFF\uFEFF${GOOD}`,
      '1:1 An invisible or control character, U+FEFF',
    ],
    [
      'a lone surrogate',
      change('version: 1', 'version: 1 # \ud800'),
      '1:14 An invisible or control character, U+D800',
    ],
    [
      'an unclosed quote',
      change('max_duration: 2h', 'max_duration: "2h'),
      '24:1 Missing closing "quote',
    ],
    ['an unclosed list', change('roles: [member]', 'roles: [member'), '16:1 '],
    ['a wrong indentation', change('    kind: team', '   kind: team'), '13:1 '],
    ['nothing', '', '1:1 The file is empty'],
    ['only comments', '# to do\n', '1:1 The file is empty'],
    ['a list', '- version: 1\n', '1:1 A list is not a map'],
    ['a text', 'version one\n', '1:1 "version one" is not a map'],
    ['JSON in the wrong order of braces', '{"version": 1}}', '1:15 '],
  ])('%s', (_, text, expected) => {
    expect(first(text)?.slice(0, expected.length)).toBe(expected);
  });
});

describe('bytes that are no UTF-8 text are refused', () => {
  const utf16 = (text: string, swap: boolean) => {
    const buffer = Buffer.from(`\uFEFF${text}`, 'utf16le');
    return swap ? buffer.swap16() : buffer;
  };
  test.each([
    ['UTF-16, little end first', utf16(GOOD, false), '1:1 The file is UTF-16'],
    ['UTF-16, big end first', utf16(GOOD, true), '1:1 The file is UTF-16'],
    ['UTF-16 without its mark', utf16(GOOD, false).subarray(2), '1:1 The file is UTF-16'],
    [
      'UTF-16 without its mark, big end first',
      utf16(GOOD, true).subarray(2),
      '1:1 The file is UTF-16',
    ],
    ['Latin-1', Buffer.from('version: 1 # \u00fc\n', 'latin1'), '1:14 Bytes that are not UTF-8'],
    [
      'a cut-off character',
      Buffer.from([...bytes('version: 1\n# '), 0xe2, 0x82]),
      '2:3 Bytes that',
    ],
    ['an overlong slash', Buffer.from([...bytes('version: 1 # '), 0xc0, 0xaf]), '1:14 Bytes that'],
    ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00]), '1:1 An invisible or control'],
  ])('%s', (_, wrong, expected) => {
    expect(first(new Uint8Array(wrong))?.slice(0, expected.length)).toBe(expected);
  });
});

describe('a hostile file is refused in bounded time', () => {
  const kilobytes = (piece: string, amount = 2000) => piece.repeat((amount * 1024) / piece.length);
  const many = (amount: number, line: (index: number) => string) =>
    Array.from({ length: amount }, (_, index) => line(index)).join('\n');
  const bomb = `a: &a [x,x,x,x]\n${many(8, (n) => `b${n}: &b${n} [*a,*a,*a,*a]`)}\n`;
  test.each([
    ['an alias bomb', bomb, '1:4 Anchors (&)'],
    [
      '2 MB and a half',
      kilobytes('# x\n', 2560),
      `1:1 The file is larger than ${MAX_POLICY_BYTES / 1024} KB`,
    ],
    ['lists in lists', kilobytes('['), 'Nested deeper than 20 levels'],
    ['maps in maps', kilobytes('{a: '), 'Nested deeper than 20 levels'],
    ['lists in lists on one line', kilobytes('- '), 'Nested deeper than 20 levels'],
    ['keys of keys', kilobytes('? '), 'Nested deeper than 20 levels'],
    ['indentation', many(600, (n) => `${' '.repeat(n)}a:`), 'Nested deeper than 20 levels'],
    ['21 levels', `${'['.repeat(22)}${']'.repeat(22)}`, 'Nested deeper than 20 levels'],
    ['forty thousand keys', many(35_000, (n) => `k${n}:`), '1:1 '],
    ['forty thousand keys on a line', `{${many(35_000, (n) => `k${n},`)}}`, '1:1 '],
    [
      'a key repeated eighty thousand times',
      kilobytes('a:\n', 240),
      '2:1 The key "a" is here twice',
    ],
    ['a key repeated without end', kilobytes('a:\n'), 'Too many words and signs'],
    ['quotes', kilobytes('"', 30), '1:3 '],
    ['brackets', kilobytes(']'), '1:1 '],
    ['commas', `[${kilobytes(',', 20)}]`, '1:3 '],
    ['dashes', kilobytes('-\n', 120), '1:1 A list is not a map'],
    ['colons', kilobytes(':'), '1:1 '],
    ['documents', kilobytes('---\n'), '2:1 A second document'],
    ['empty lines', kilobytes('\n', 240), '1:1 The file is empty'],
    ['empty lines without end', kilobytes('\n'), 'Too many words and signs'],
    ['a list without end', `[${kilobytes('1,')}]`, 'Too many words and signs'],
    ['a long block of text', `a: |\n${kilobytes(' x\n')}`, '1:1 '],
  ])('%s', (_, text, expected) => {
    const result = read(text);
    expect(place(result)).toContain(expected);
    expect(result.ok ? 0 : result.error.length).toBeLessThanOrEqual(50);
  });

  test('exactly the largest size is read', () => {
    const filled = `${GOOD}#${'x'.repeat(MAX_POLICY_BYTES - GOOD.length - 1)}`;
    expect(report(filled)).toEqual([]);
    expect(first(`${filled}x`)).toMatch(/^1:1 The file is larger/);
  });

  test('twenty levels are deep enough to reach the schema', () => {
    expect(first(`a: ${'['.repeat(19)}${']'.repeat(19)}`)).not.toContain('Nested');
  });

  test('a ticket pattern made to explode is run without exploding', () => {
    const text = change(
      '    approvals:',
      '    justification: { ticket: "(a+)+b" }\n    approvals:',
    );
    const result = read(text);
    if (!result.ok) throw new Error(report(text).join('\n'));
    const justification = { text: 'a'.repeat(30_000) };
    const verdict = evaluate(result.value.policy, ask({ justification }), facts());
    expect(verdict).toMatchObject({ refusal: { code: 'ticket-missing' } });
  });
});
