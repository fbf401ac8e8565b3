/**
 * The ticket pattern of a rule, for example `[A-Z]+-[0-9]+`, looked for anywhere in the justification.
 * A small part of regular expressions, run as a set of states: time grows with text x pattern and never explodes, whatever
 * a policy author wrote and a requester typed. What it cannot run (anchors, look-arounds, back references) it refuses to compile.
 */
import { ok, type Result, refuse } from '../result.ts';

type CodePoints = (codePoint: number) => boolean;
/** What a pattern says: one character, one after the other, any of them, again and again. */
export type PatternNode =
  | { kind: 'one'; has: CodePoints }
  | { kind: 'all'; parts: PatternNode[] }
  | { kind: 'any'; parts: PatternNode[] }
  | { kind: 'repeat'; node: PatternNode; min: number; max: number };
type Node = PatternNode;
type Step = { has: CodePoints; next: number } | { either: number; or: number };
type Source = { readonly text: string; at: number };

const LONGEST_PATTERN = 100;
const MOST_STEPS = 1000;
const MOST_REPEATS = 100;

/** The step at 0: whoever stands there is done. */
const FOUND: Step = { has: () => false, next: 0 };

class PatternError extends Error {}

export type TicketPattern = {
  readonly source: string;
  found(text: string): boolean;
  /** The match that begins first, as long as it can be, and is no part of a longer word: `OPS-1` is not in `DEVOPS-12`. Null: none. */
  first(text: string): string | null;
};

export function ticketPattern(source: string): Result<TicketPattern, string> {
  const parsed = patternNode(source);
  if (!parsed.ok) return parsed;
  const steps: Step[] = [FOUND];
  const start = compile(parsed.value, 0, steps);
  if (reach(steps, [start]).includes(0)) return refuse('it accepts an empty text');
  return ok({
    source,
    found: (text) => run(steps, start, text),
    first: (text) => firstMatch({ steps, start }, text),
  });
}

/** What was written, before it is made to run. */
export function patternNode(source: string): Result<PatternNode, string> {
  if (source.length > LONGEST_PATTERN) return refuse(`longer than ${LONGEST_PATTERN} characters`);
  if (!/^[ -~]+$/.test(source)) return refuse('not plain ASCII');
  try {
    const input = { text: source, at: 0 };
    const node = alternatives(input);
    if (input.at < source.length) throw new PatternError('a ) without its (');
    if (stepsOf(node) > MOST_STEPS) throw new PatternError('its repetitions multiply too far');
    return ok(node);
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: nothing else is thrown here
    if (error instanceof PatternError) return refuse(error.message);
    throw error;
  }
}

function alternatives(input: Source): Node {
  const parts = [sequence(input)];
  while (input.text[input.at] === '|') {
    input.at += 1;
    parts.push(sequence(input));
  }
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'any', parts };
}

function sequence(input: Source): Node {
  const parts: Node[] = [];
  for (;;) {
    const next = input.text[input.at];
    if (next === undefined || next === '|' || next === ')') return { kind: 'all', parts };
    input.at += 1;
    parts.push(repeated(input, atom(input, next)));
  }
}

function repeated(input: Source, node: Node): Node {
  const written = /^(?:[*+?]|\{(\d{1,3})(,(\d{1,3})?)?\})/.exec(input.text.slice(input.at));
  if (!written) return node;
  input.at += written[0].length;
  const again = /^[*+?{]/.exec(input.text.slice(input.at));
  if (again) throw new PatternError(`"${again[0]}" repeats a repetition`);
  if (written[0] === '*') return { kind: 'repeat', node, min: 0, max: Number.POSITIVE_INFINITY };
  if (written[0] === '+') return { kind: 'repeat', node, min: 1, max: Number.POSITIVE_INFINITY };
  if (written[0] === '?') return { kind: 'repeat', node, min: 0, max: 1 };
  const min = Number(written[1]);
  const max =
    written[2] === undefined ? min : written[3] ? Number(written[3]) : Number.POSITIVE_INFINITY;
  const largest = Number.isFinite(max) ? max : min;
  if (largest > MOST_REPEATS || max < min || max === 0)
    throw new PatternError(`${written[0]} is not between 1 and ${MOST_REPEATS} repetitions`);
  return { kind: 'repeat', node, min, max };
}

function atom(input: Source, char: string): Node {
  if (char === '(') return group(input);
  if (char === '[') return { kind: 'one', has: characterClass(input) };
  if (char === '.') return { kind: 'one', has: () => true };
  if (char === '\\') return { kind: 'one', has: escaped(input) };
  if ('*+?{}^$'.includes(char)) throw new PatternError(`"${char}" has no meaning there`);
  return { kind: 'one', has: exactly(char) };
}

function group(input: Source): Node {
  if (input.text.startsWith('?:', input.at)) input.at += 2;
  else if (input.text[input.at] === '?') throw new PatternError('"(?" is not supported');
  const inside = alternatives(input);
  if (input.text[input.at] !== ')') throw new PatternError('a ( without its )');
  input.at += 1;
  return inside;
}

const exactly = (char: string): CodePoints => {
  const wanted = char.codePointAt(0);
  return (codePoint) => codePoint === wanted;
};
const between =
  (low: number, high: number): CodePoints =>
  (codePoint) =>
    codePoint >= low && codePoint <= high;
const anyOf =
  (sets: readonly CodePoints[]): CodePoints =>
  (codePoint) =>
    sets.some((has) => has(codePoint));

const DIGIT = between(48, 57);
const SPACE = anyOf([between(9, 13), exactly(' ')]);
const WORD = anyOf([DIGIT, between(65, 90), between(97, 122), exactly('_')]);

function escaped(input: Source): CodePoints {
  const char = input.text[input.at] ?? '';
  input.at += 1;
  if (char === 'd') return DIGIT;
  if (char === 's') return SPACE;
  if (char === 'w') return WORD;
  if (/[^A-Za-z0-9]/.test(char)) return exactly(char);
  throw new PatternError(`"\\${char}" is not supported`);
}

function characterClass(input: Source): CodePoints {
  const negated = input.text[input.at] === '^';
  if (negated) input.at += 1;
  const sets: CodePoints[] = [];
  while (input.text[input.at] !== ']') sets.push(classMember(input));
  input.at += 1;
  if (sets.length === 0) throw new PatternError('[] holds nothing');
  const has = anyOf(sets);
  return negated ? (codePoint) => !has(codePoint) : has;
}

function classMember(input: Source): CodePoints {
  const low = input.text[input.at];
  if (low === undefined) throw new PatternError('a [ without its ]');
  input.at += 1;
  if (low === '\\') return escaped(input);
  const high = input.text[input.at + 1];
  if (input.text[input.at] !== '-' || high === undefined || high === ']') return exactly(low);
  if (high === '\\' || high < low) throw new PatternError(`"${low}-${high}" is no range`);
  input.at += 2;
  return between(low.charCodeAt(0), high.charCodeAt(0));
}

/** Computed before anything is built: nested repetitions multiply. */
function stepsOf(node: Node): number {
  if (node.kind === 'one') return 1;
  if (node.kind !== 'repeat') return node.parts.reduce((sum, part) => sum + stepsOf(part) + 1, 1);
  const copies = Number.isFinite(node.max) ? node.max : node.min + 1;
  return (stepsOf(node.node) + 1) * copies;
}

/** Builds backwards: returns the step at which `node` starts when `next` is what follows it. */
function compile(node: Node, next: number, steps: Step[]): number {
  if (node.kind === 'one') return steps.push({ has: node.has, next }) - 1;
  if (node.kind === 'all')
    return node.parts.reduceRight((after, part) => compile(part, after, steps), next);
  if (node.kind === 'any')
    return node.parts
      .map((part) => compile(part, next, steps))
      .reduceRight((or, either) => steps.push({ either, or }) - 1);
  let start = next;
  if (Number.isFinite(node.max)) {
    for (let copy = node.min; copy < node.max; copy += 1)
      start = steps.push({ either: compile(node.node, start, steps), or: next }) - 1;
  } else {
    const loop = { either: 0, or: next };
    start = steps.push(loop) - 1;
    loop.either = compile(node.node, start, steps);
  }
  for (let copy = 0; copy < node.min; copy += 1) start = compile(node.node, start, steps);
  return start;
}

function reach(steps: readonly Step[], from: readonly number[]): number[] {
  const seen = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = steps[at];
    if (step && 'either' in step) open.push(step.or, step.either);
  }
  return [...seen];
}

function run(steps: readonly Step[], start: number, text: string): boolean {
  let live = reach(steps, [start]);
  for (const char of text) {
    const codePoint = char.codePointAt(0) ?? 0;
    const next = [start];
    for (const at of live) {
      const step = steps[at];
      if (step && 'has' in step && step.has(codePoint)) next.push(step.next);
    }
    live = reach(steps, next);
    if (live.includes(0)) return true;
  }
  return false;
}

type Compiled = { readonly steps: readonly Step[]; readonly start: number };

/** Every live step knows where its match began: the earliest beginning wins, then the furthest end. Time grows with text x pattern. */
function firstMatch({ steps, start }: Compiled, text: string): string | null {
  const chars = [...text];
  let live = new Map<number, number>();
  let best: { from: number; to: number } | null = null;
  for (const [at, char] of chars.entries()) {
    const codePoint = char.codePointAt(0) ?? 0;
    const next = new Map<number, number>();
    const begins = !isInsideWord(chars[at - 1], char);
    // What begins later than the best never wins, it only takes time.
    if (best === null && begins) enter(steps, live, { step: start, from: at });
    for (const [index, from] of live) {
      const step = steps[index];
      if (step && 'has' in step && step.has(codePoint))
        enter(steps, next, { step: step.next, from });
    }
    live = next;
    const from = live.get(0) ?? Number.POSITIVE_INFINITY;
    const ends = !isInsideWord(char, chars[at + 1]);
    if (ends && from <= (best?.from ?? at)) best = { from, to: at + 1 };
  }
  return best && chars.slice(best.from, best.to).join('');
}

const WORD_CHARACTER = /[\p{L}\p{N}_]/u;
/** Between these two characters no word begins or ends. */
const isInsideWord = (before = '', after = ''): boolean =>
  WORD_CHARACTER.test(before) && WORD_CHARACTER.test(after);

function enter(
  steps: readonly Step[],
  live: Map<number, number>,
  at: { readonly step: number; readonly from: number },
): void {
  for (const step of reach(steps, [at.step]))
    live.set(step, Math.min(live.get(step) ?? at.from, at.from));
}
