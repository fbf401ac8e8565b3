/**
 * Reads YAML that people write for Hallpass: bytes in, plain data with a way back to line and column out. Bounded in time and memory
 * whatever the file holds: size, depth and number of tokens are checked before anything is composed. YAML is cut down to what
 * everybody reads the same way: 1.2 core, one document, no anchors, aliases, merge keys, tags, directives, tabs, repeated keys,
 * invisible or direction-changing characters.
 */
import {
  Composer,
  CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';
import type { LintProblem, PathStep } from '../domain/policy/lint.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/** Line and column count from 1; columns count UTF-16 units, as editors do. */
export type FileProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
};

export type YamlFile = {
  readonly data: unknown;
  /** What was written at a path, `undefined` where nothing was. */
  readonly valueAt: (path: readonly PathStep[]) => unknown;
  /** At the places where their paths are written, in the order of the file, the first fifty unless more are wanted. */
  readonly placed: (problems: readonly LintProblem[], most?: number) => FileProblem[];
};

/** `smaller`: how to make a file that is too large smaller. */
export type YamlLimits = { readonly bytes: number; readonly smaller: string };

const MAX_DEPTH = 20;
/** The parser keeps a token for each level and each unfinished item of it. */
const MAX_OPEN_TOKENS = 2 * MAX_DEPTH + 4;
/** Each costs some hundred bytes until the file is read: a file of commas would fill the memory. */
const MAX_TOKENS = 1_000_000;
export const MOST_PROBLEMS = 50;

type Trouble = Omit<LintProblem, 'path' | 'at'> & { readonly offset: number };
const trouble = (offset: number, message: string, fix: string): Trouble => ({
  offset,
  severity: 'error',
  message,
  fix,
});

export function readYaml(
  source: string | Uint8Array,
  fileName: string,
  limits: YamlLimits,
): Result<YamlFile, FileProblem[]> {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const written = typeof source === 'string' ? source : decode(bytes, limits);
  const text = written.startsWith('\uFEFF') ? written.slice(1) : written;
  const inOrder = placer(text, fileName);
  const unreadable = wrongBytes(bytes, text, limits);
  if (unreadable) return refuse(inOrder([unreadable]));
  const composed = compose(text);
  if (!composed.ok) return refuse(inOrder(composed.error));
  const { contents } = composed.value;
  const confusing = confusingValues(contents, 0);
  if (confusing.length > 0) return refuse(inOrder(confusing));
  const data: unknown = composed.value.toJS({ maxAliasCount: 0 });
  return ok({
    data,
    valueAt: (path) => path.reduce(child, data),
    placed: (problems, most) =>
      inOrder(
        problems.map(({ path, at, ...rest }) => ({
          ...rest,
          offset: offsetOf(contents, path, at),
        })),
        most,
      ),
  });
}

function placer(text: string, file: string) {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    lines.addNewLine(at + 1);
  const place = ({ offset, ...rest }: Trouble): FileProblem => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line, column: col, ...rest };
  };
  return (found: readonly Trouble[], most = MOST_PROBLEMS): FileProblem[] =>
    [...found]
      .sort((one, other) => one.offset - other.offset)
      .slice(0, most)
      .map(place);
}

const decode = (bytes: Uint8Array, limits: YamlLimits): string =>
  bytes.length > limits.bytes ? '' : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Carriage returns, tabs and line feeds are looked at elsewhere; U+FFFD is what is left of bytes that are not UTF-8. */
const FORBIDDEN = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\uFFFD]/u;

function wrongBytes(
  bytes: Uint8Array,
  text: string,
  { bytes: most, smaller }: YamlLimits,
): Trouble | null {
  if (bytes.length > most) return trouble(0, `The file is larger than ${most / 1024} KB`, smaller);
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16 || bytes[0] === 0 || bytes[1] === 0)
    return trouble(0, 'The file is UTF-16 or UTF-32', 'Save it as UTF-8');
  const strange = FORBIDDEN.exec(text);
  if (strange) return trouble(strange.index, ...strangeCharacter(strange[0]));
  const lone = /\r(?!\n)/.exec(text);
  // Some programs end a line there, and so a comment; ours does not.
  if (lone)
    return trouble(lone.index, 'A carriage return without a line feed', 'End lines with LF');
  const tab = text.indexOf('\t');
  return tab < 0
    ? null
    : trouble(tab, 'A tab', 'Use spaces; editors show tabs at different widths');
}

function strangeCharacter(char: string): [message: string, fix: string] {
  if (char === '\uFFFD') return ['Bytes that are not UTF-8', 'Save the file as UTF-8'];
  const number = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return [`An invisible or control character, U+${number}`, 'Delete it and type the text again'];
}

const FORBIDDEN_TOKENS: ReadonlyMap<string, readonly [message: string, fix: string]> = new Map([
  [
    'anchor',
    [
      'Anchors (&) are not allowed',
      'Write the value where it is needed; quote text that begins with &',
    ],
  ],
  [
    'alias',
    [
      'Aliases (*) are not allowed',
      'Write the value out; quote text that begins with *, such as "*"',
    ],
  ],
  ['tag', ['Tags (!) are not allowed', 'Remove it; quote text that begins with !']],
  [
    'directive-line',
    ['Directives (%) are not allowed', 'Remove the line: this is always YAML 1.2'],
  ],
]);

/** Text to syntax tokens, looked at before anything is composed, because composing recurses. */
function tokensOf(text: string): Result<CST.Token[], Trouble[]> {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const stop = (message: string, fix: string) => refuse([trouble(parser.offset, message, fix)]);
  let isScalarNext = false;
  let starts = 0;
  let errors = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isScalarNext ? null : CST.tokenType(lexeme);
    isScalarNext = type === 'scalar';
    starts += type === 'doc-start' ? 1 : 0;
    const banned = FORBIDDEN_TOKENS.get(type ?? '');
    if (banned) return stop(...banned);
    lexemes += 1;
    if (lexemes > MAX_TOKENS) return stop('Too many words and signs', 'Write less, in fewer lists');
    if (starts > 1) return stop('A second document', 'Keep one document per file');
    for (const token of parser.next(lexeme)) errors += tokens.push(token) && isError(token) ? 1 : 0;
    if (errors > MOST_PROBLEMS) break;
    if (parser.stack.length > MAX_OPEN_TOKENS)
      return stop(`Nested deeper than ${MAX_DEPTH} levels`, 'Flatten it');
  }
  return ok([...tokens, ...parser.end()]);
}

const isError = (token: CST.Token): boolean => token.type === 'error';

function compose(text: string): Result<Document.Parsed, Trouble[]> {
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  // Repeated keys are looked for below: the composer compares every key with every other.
  const options = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false } as const;
  const documents = [...new Composer(options).compose(tokens.value, true, text.length)];
  const errors = documents.flatMap(({ errors: found, warnings }) =>
    [...found, ...warnings].map(({ pos, message }) =>
      trouble(pos[0], message.replace(/\.$/, ''), 'Correct the YAML here'),
    ),
  );
  if (errors.length > 0) return refuse(errors);
  const [document, second] = documents;
  if (second) return refuse([trouble(second.range[0], 'A second document', 'Keep one per file')]);
  if (!document?.contents)
    return refuse([trouble(0, 'The file is empty', 'Start from the example policy')]);
  return ok(document);
}

function child(parent: unknown, step: PathStep): unknown {
  if (typeof parent !== 'object' || parent === null) return undefined;
  return Object.getOwnPropertyDescriptor(parent, step)?.value;
}

const keyOf = (pair: Pair): string | null =>
  isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : null;

const startOf = (node: unknown): number | null => (isNode(node) ? (node.range?.[0] ?? null) : null);

/** What parsers and people read differently: repeated and non-text keys, numbers that are not plain decimals. */
function confusingValues(node: unknown, depth: number): Trouble[] {
  if (depth > MAX_DEPTH)
    return [trouble(startOf(node) ?? 0, `Nested deeper than ${MAX_DEPTH} levels`, 'Flatten it')];
  if (isSeq(node)) return node.items.flatMap((item) => confusingValues(item, depth + 1));
  if (isScalar(node)) return confusingNumber(node);
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap((pair) => [
    ...confusingKey(pair, seen),
    ...confusingValues(pair.value, depth + 1),
  ]);
}

function confusingNumber(node: { value: unknown; source?: string; range?: unknown }): Trouble[] {
  const { value, source = '' } = node;
  if (typeof value !== 'number' || /^(?:0|[1-9][0-9]{0,14})$/.test(source)) return [];
  const fix = 'Write a plain decimal number, or put quotes around it';
  return [trouble(startOf(node) ?? 0, `${source} is read differently by different programs`, fix)];
}

const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function confusingKey(pair: Pair, seen: Set<string>): Trouble[] {
  const key = keyOf(pair);
  const offset = startOf(pair.key) ?? 0;
  if (key === null) return [trouble(offset, 'A key that is not text', 'Put it in quotes')];
  if (key === '<<')
    return [trouble(offset, 'Merge keys (<<) are not allowed', 'Write the keys out')];
  if (RESERVED_KEYS.has(key)) return [trouble(offset, `"${key}" cannot be a key`, 'Rename it')];
  if (seen.has(key)) return [trouble(offset, `The key "${key}" is here twice`, 'Keep one of them')];
  seen.add(key);
  return [];
}

/** Where a path is written; where it is not, the nearest place above it. */
function offsetOf(root: Node | null, path: readonly PathStep[], at: LintProblem['at']): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
      continue;
    }
    const pair = isMap(node) ? node.items.find((each) => keyOf(each) === String(step)) : undefined;
    if (!pair) return offset;
    const keyOffset = startOf(pair.key) ?? offset;
    const isEmpty = isScalar(pair.value) && pair.value.range?.[0] === pair.value.range?.[1];
    node = pair.value;
    offset = (isLast && at === 'key') || isEmpty ? keyOffset : (startOf(node) ?? keyOffset);
  }
  return offset;
}
