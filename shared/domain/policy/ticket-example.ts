/**
 * A key that a ticket pattern finds, for people who do not read patterns: `INC-123` of `[A-Z]+-[0-9]+`. Made from the pattern and
 * tried against it; null where nothing that reads like a key comes out, and then the pattern itself has to be shown.
 */
import { type PatternNode, patternNode, ticketPattern } from './ticket-pattern.ts';

const LETTERS = ['INCIDENT', 'incident', 'XYZ', 'xyz'];
const DIGITS = '1234567890';
/** Of what may come any number of times. */
const TIMES = 3;
const LONGEST = 40;
/** What reads as a key and says nothing beside it. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9._/#-]*$/;

/** The same pattern has the same example. */
export function ticketExample(source: string): string | null {
  const node = patternNode(source);
  const compiled = ticketPattern(source);
  if (!node.ok || !compiled.ok) return null;
  const example = written(node.value, { letters: 0, digits: 0 });
  const isKey = example !== null && example.length <= LONGEST && KEY.test(example);
  return isKey && compiled.value.found(example) ? example : null;
}

/** How many letters and digits stand there already: `INC`, not `III`. */
type Count = { letters: number; digits: number };

function written(node: PatternNode, count: Count): string | null {
  if (node.kind === 'one') return character(node.has, count);
  if (node.kind === 'any') return node.parts[0] ? written(node.parts[0], count) : null;
  const parts = node.kind === 'all' ? node.parts : copies(node);
  let text = '';
  for (const part of parts) {
    const next = written(part, count);
    // Stars within stars are cut here: three times three times three ...
    if (next === null || text.length > LONGEST) return null;
    text += next;
  }
  return text;
}

function copies({ node, min, max }: Extract<PatternNode, { kind: 'repeat' }>): PatternNode[] {
  return Array.from({ length: Math.min(max, Math.max(min, TIMES)) }, () => node);
}

function character(has: (codePoint: number) => boolean, count: Count): string | null {
  const fits = (char: string) => has(char.codePointAt(0) ?? 0);
  const letter = LETTERS.map((word) => word.charAt(count.letters % word.length)).find(fits);
  const digit = DIGITS.charAt(count.digits % DIGITS.length);
  // A class of both stands for letters first: nobody's project is called 123.
  if (letter !== undefined) {
    count.letters += 1;
    return letter;
  }
  if (fits(digit)) {
    count.digits += 1;
    return digit;
  }
  return PRINTABLE.find(fits) ?? null;
}

const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(33 + index));
