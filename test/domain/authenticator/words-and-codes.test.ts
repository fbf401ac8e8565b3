/** What people read off a page and type: the word that ties it to Slack, and recovery codes. */
import {
  canonicalRecoveryCode,
  RECOVERY,
  recoveryCodeFrom,
  recoveryCodesLeft,
} from '../../../shared/domain/authenticator/recovery.ts';
import { canonicalWord, wordFrom } from '../../../shared/domain/authenticator/word.ts';
import { authenticator } from './given.ts';

const hex = (value: number): string => value.toString(16).padStart(8, '0');

describe('a word', () => {
  test('is one of 128 twice, each different and easy to type', () => {
    const words = Array.from({ length: 128 }, (_, i) => wordFrom(hex(i) + hex(127 - i)));
    expect(words[0]).toBe('amber-penguin');
    expect(words[127]).toBe('penguin-amber');
    expect(new Set(words).size).toBe(128);
    expect(new Set(words.map((word) => word.split('-')[0])).size).toBe(128);
    for (const word of words) expect(canonicalWord(word)).toBe(word);
    expect(wordFrom(hex(128) + hex(255))).toBe('amber-penguin');
  });

  test('comes from the first sixteen digits, and from no fewer than nine', () => {
    expect(wordFrom(`${hex(1)}${hex(2)}ffff`)).toBe('anchor-apple');
    for (const short of ['', hex(1)])
      expect(() => wordFrom(short)).toThrow('at least 16 hexadecimal digits');
  });

  test.each([
    ['Amber Penguin', 'amber-penguin'],
    ['  amber - penguin\n', 'amber-penguin'],
    ['amber-penguin', 'amber-penguin'],
    ['amber', null],
    ['amber-penguin-owl', null],
    ['amber penguin1', null],
    ['1amber penguin', null],
    ['ämber penguin', null],
    ['-amber', null],
    [`amber penguin${' '.repeat(67)}`, 'amber-penguin'],
    [`amber penguin${' '.repeat(68)}`, null],
  ])('typed as %j is read as %j', (typed, word) => {
    expect(canonicalWord(typed)).toBe(word);
  });
});

describe('a recovery code', () => {
  const bytes = (fill: number) => new Uint8Array(RECOVERY.bytes).fill(fill);

  test('is seven groups of four letters from 140 of 144 random bits', () => {
    expect(recoveryCodeFrom(bytes(0))).toBe('0000-0000-0000-0000-0000-0000-0000');
    expect(recoveryCodeFrom(bytes(255))).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ');
    const counting = Uint8Array.from({ length: RECOVERY.bytes }, (_, i) => i);
    expect(recoveryCodeFrom(counting)).toBe('000G-40R4-0M30-E209-185G-R38E-1W81');
    expect(() => recoveryCodeFrom(new Uint8Array(17))).toThrow('made from 18 bytes');
  });

  const PRINTED = '0123-4567-89AB-CDEF-GHJK-MNPQ-RS11';
  test.each([
    [PRINTED, PRINTED],
    [PRINTED.toLowerCase(), PRINTED],
    [PRINTED.replaceAll('-', ' '), PRINTED],
    [PRINTED.replaceAll('-', ''), PRINTED],
    ['O123-4567-89AB-CDEF-GHJK-MNPQ-RSil', PRINTED],
    [PRINTED.slice(0, -1), null],
    [`${PRINTED}1`, null],
    [PRINTED.replace('A', 'U'), null],
    [PRINTED.replace('A', 'ſ'), null],
    [PRINTED.replace('-', '–'), null],
    [`${PRINTED}${' '.repeat(46)}`, PRINTED],
    [`${PRINTED}${' '.repeat(47)}`, null],
    ['', null],
  ])('typed as %j is read as %j', (typed, code) => {
    expect(canonicalRecoveryCode(typed)).toBe(code);
  });

  test('is counted for as long as it is unused', () => {
    const recovery = { digests: ['a'.repeat(64), 'b'.repeat(64)] };
    const counter = { attempts: 0, failuresInRow: 0, lockedUntil: null, needsProof: false };
    expect(recoveryCodesLeft(authenticator({ recovery: { ...recovery, ...counter } }))).toBe(2);
    expect(recoveryCodesLeft(authenticator())).toBe(0);
  });
});
