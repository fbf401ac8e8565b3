/**
 * Any character of Unicode but halves of one. Stands in for the units 'binary' and 'grapheme' of fast-check, which make a table of more
 * than a million characters in every test file that uses them.
 */
import * as fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };
const LAST = 0x10ffff;

/** For `fc.string({ unit: anyCharacter })`. */
export const anyCharacter = fc
  .integer({ min: 0, max: LAST - SURROGATES.count })
  .map((n) => String.fromCodePoint(n < SURROGATES.from ? n : n + SURROGATES.count));
