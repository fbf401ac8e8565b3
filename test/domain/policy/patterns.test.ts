import fc from 'fast-check';
import { matchesGlob } from '../../../shared/domain/policy/glob.ts';
import { ticketPattern } from '../../../shared/domain/policy/ticket-pattern.ts';

describe('globs', () => {
  test.each([
    ['github:acme/*', 'github:acme/deployers', true],
    ['github:acme/*', 'github:acme/', true],
    ['github:acme/*', 'github:acmex/deployers', false],
    ['github:acme/*', 'gitlab:acme/deployers', false],
    ['*', 'anything', true],
    ['*/deployers', 'github:acme/deployers', true],
    ['*/deployers', 'github:acme/deployers2', false],
    ['github:*/deploy*', 'github:a/b/deployers', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['a*b*b', 'ab', false],
    ['github:acme/deployers', 'github:acme/deployers', true],
    ['github:acme/deployers', 'github:acme/Deployers', false],
    ['github:acme/deploy.rs', 'github:acme/deployers', false],
    ['github:acme/[a-z]*', 'github:acme/deployers', false],
    ['github:acme/(.)*', 'github:acme/deployers', false],
  ])('%s against %s: %s', (glob, name, expected) => {
    expect(matchesGlob(glob, name)).toBe(expected);
  });

  test('agree with the same pattern written as a regular expression', () => {
    const glob = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 7 });
    const name = fc.array(fc.constantFrom('a', 'b'), { maxLength: 9 });
    fc.assert(
      fc.property(glob, name, (letters, text) => {
        const regex = new RegExp(`^${letters.map((one) => (one === '*' ? '.*' : one)).join('')}$`);
        expect(matchesGlob(letters.join(''), text.join(''))).toBe(regex.test(text.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  test('a pattern made to backtrack comes to an end as any other', () => {
    expect(matchesGlob(`${'*a'.repeat(90)}*b`, 'a'.repeat(30_000))).toBe(false);
  });
});

describe('ticket patterns', () => {
  const found = (pattern: string, text: string) => {
    const compiled = ticketPattern(pattern);
    if (!compiled.ok) throw new Error(compiled.error);
    return compiled.value.found(text);
  };

  test.each([
    ['[A-Z]+-[0-9]+', 'INC-123 rollback', true],
    ['[A-Z]+-[0-9]+', 'rollback for INC-1', true],
    ['[A-Z]+-[0-9]+', 'inc-123', false],
    ['[A-Z]+-[0-9]+', 'INC-', false],
    ['[A-Z]+-[0-9]+', 'ＩＮＣ-１２３', false],
    ['INC-\\d{3,5}', 'INC-12', false],
    ['INC-\\d{3,5}', 'INC-1234', true],
    ['INC-\\d{3}', 'INC-12', false],
    ['INC-\\d{2,}', 'INC-12', true],
    ['INC-\\d{2,}', 'INC-1', false],
    ['(INC|CHG)-\\d+', 'see CHG-7', true],
    ['(?:INC|CHG)-\\d+', 'see BUG-7', false],
    ['(ab)+c', 'xababc', true],
    ['(ab)+c', 'xabac', false],
    ['colou?r', 'color', true],
    ['colou?r', 'colouur', false],
    ['[^a-z]x', 'ax', false],
    ['[^a-z]x', '1x', true],
    ['[a\\]-]x', ']x', true],
    ['[a-]x', '-x', true],
    ['a\\.b', 'axb', false],
    ['a.b', 'a😀b', true],
    ['\\w\\s\\d', 'a 1', true],
    ['#[0-9]+', 'fixes #12', true],
    ['a{2}|b', 'a', false],
    ['[A-C]x', 'Ax', true],
    ['[A-C]x', 'Cx', true],
    ['[A-C]x', 'Dx', false],
    ['[a-a]x', 'ax', true],
    ['[^a]x', '^x', true],
    ['[^a]x', '[x', true],
    ['[a^]x', '^x', true],
    ['x\\s', 'x\t', true],
    ['x\\s', 'x\r', true],
    ['x\\s', 'x\b', false],
    ['x\\s', 'x\u000e', false],
    ['x\\w', 'x-', false],
    ['x\\w', 'x_', true],
    ['ab{0,1}c', 'ac', true],
    ['ab{0,1}c', 'abbc', false],
    ['a{100}', 'a'.repeat(99), false],
    ['a{100}', 'a'.repeat(100), true],
    ['a'.repeat(100), 'a'.repeat(100), true],
    ['(a{48}){10}bbbb', `${'a'.repeat(480)}bbbb`, true],
  ])('%s in %j: %s', (pattern, text, expected) => {
    expect(found(pattern, text)).toBe(expected);
  });

  test.each([
    ['', 'ASCII'],
    ['^INC', '"^" has no meaning'],
    ['INC$', '"$" has no meaning'],
    ['a**', 'repeats a repetition'],
    ['a+?', 'repeats a repetition'],
    ['*a', '"*" has no meaning'],
    ['(a', 'without its )'],
    ['a)', 'without its ('],
    ['[a', 'without its ]'],
    ['[]', 'holds nothing'],
    ['[z-a]', 'is no range'],
    ['[\\d-z]x\\', 'is not supported'],
    ['(?=a)', 'is not supported'],
    ['(?<n>a)', 'is not supported'],
    ['(a)\\1', 'is not supported'],
    ['\\bINC', 'is not supported'],
    ['a{3,2}', 'is not between'],
    ['a{101}', 'is not between'],
    ['a{1,101}', 'is not between'],
    ['a{0}', 'is not between'],
    ['a{x}', '"{" has no meaning'],
    ['a*', 'empty text'],
    ['(a|)', 'empty text'],
    ['((a{50}){50}){50}', 'multiply'],
    ['((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}', 'without its )'],
    ['ИНЦ-1', 'ASCII'],
    ['INC-\u0417', 'ASCII'],
    ['a'.repeat(101), 'longer'],
    ['a\\', '"\\" is not supported'],
    ['[a-', 'without its ]'],
    ['[A-\\d]', '"A-\\" is no range'],
    ['a{2}{3}', '"{" repeats a repetition'],
    // Steps are counted: 1000 are what may be, as above.
    ['(a{48}){10}bbbbb', 'multiply'],
    ['(a{48}){10}bbc+', 'multiply'],
    ['(a{48}){10}(b|c)', 'multiply'],
    ['(a{48}){10}bbcd?', 'multiply'],
  ])('%s is refused: %s', (pattern, why) => {
    const compiled = ticketPattern(pattern);
    expect(compiled.ok ? 'accepted' : compiled.error).toContain(why);
  });

  test.each([
    '(a+)+b',
    '(a|a)+b',
    '(a|aa)+b',
    '[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*b1',
    '(a+a+)+b',
    '(\\w+\\s?)+#',
  ])('%s, made to explode, does not on 30,000 characters', (pattern) => {
    expect(found(pattern, 'a'.repeat(30_000))).toBe(false);
  });

  test('agree with JavaScript regular expressions wherever both understand the pattern', () => {
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '[ab]', '(', ')', '|', '*', '+', '?', '{2}', '{1,2}', '.'), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
    fc.assert(
      fc.property(pattern, text, (source, letters) => {
        const compiled = ticketPattern(source);
        fc.pre(compiled.ok);
        if (!compiled.ok) return;
        const typed = letters.join('');
        expect(compiled.value.found(typed)).toBe(new RegExp(source).test(typed));
      }),
      { numRuns: 1000 },
    );
  });
});
