import * as fc from 'fast-check';
import { ticketExample } from '../../../shared/domain/policy/ticket-example.ts';
import { ticketPattern } from '../../../shared/domain/policy/ticket-pattern.ts';

test.each([
  ['[A-Z]+-[0-9]+', 'INC-123'],
  ['INC-\\d{4}', 'INC-1234'],
  ['(PAY|OPS)-[0-9]+', 'PAY-123'],
  ['[a-z-]+/[a-z-]+#[1-9][0-9]*', 'inc/ide#1234'],
  ['#\\d+', null],
  ['[A-Z]{2,10}-\\d+', 'INC-123'],
  ['\\w+', 'INC'],
  ['.+', 'INC'],
  ['a\\s?', null],
  ['A{40}', 'A'.repeat(40)],
  ['A{40}()', 'A'.repeat(40)],
  ['A{41}', null],
  [`${'('.repeat(32)}A${')*'.repeat(32)}B`, null],
])('%s is shown as %s', (pattern, example) => {
  expect(ticketExample(pattern)).toBe(example);
});

test.each(['', '(', 'a**', '^a', 'x{99}', ' +', '[А]'])('of "%s" no example is made', (pattern) => {
  expect(ticketExample(pattern)).toBeNull();
});

test('an example is found by its own pattern and reads as a key, whatever the pattern', () => {
  const piece = fc.constantFrom(...['[A-Z]', '[0-9]', '\\d', '-', 'PAY', '(A|b)', '.', '[^A-Z]']);
  const times = fc.constantFrom('', '+', '*', '?', '{2}', '{3,}');
  const pattern = fc
    .array(fc.tuple(piece, times), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.map(([one, many]) => (one === 'PAY' ? one : one + many)).join(''));
  void fc.assert(
    fc.property(pattern, (source) => {
      const example = ticketExample(source);
      const compiled = ticketPattern(source);
      if (example === null) return;
      expect(compiled.ok && compiled.value.found(example)).toBe(true);
      expect(example).toMatch(/^[A-Za-z0-9][A-Za-z0-9._/#-]{0,39}$/);
    }),
    { numRuns: 60 },
  );
});
