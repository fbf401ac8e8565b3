/**
 * Reads the policy file: bytes in, a checked policy or problems with line, column and fix out. Bounded in time and memory
 * whatever the file holds: size and depth are checked before anything is composed. YAML is cut down to what everybody reads the same way: 1.2
 * core, one document, no anchors, aliases, merge keys, tags, directives, tabs, repeated keys, invisible or direction-changing characters.
 */
import { createHash } from 'node:crypto';
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
import { type LintProblem, lint, type PathStep } from '../domain/policy/lint.ts';
import { Policy } from '../domain/policy/policy.ts';
import { problemsOfIssue } from '../domain/policy/policy-issue.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/** Line and column count from 1; columns count UTF-16 units, as editors do. */
export type PolicyProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
};

export type PolicyFile = {
  readonly policy: Policy;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** The file's data as JSON, before our schema. */
  readonly content: string;
  readonly warnings: readonly PolicyProblem[];
};

export const MAX_POLICY_BYTES = 256 * 1024;
const MAX_DEPTH = 20;
/** The parser keeps a token for each level and each unfinished item of it. */
const MAX_OPEN_TOKENS = 2 * MAX_DEPTH + 4;
const MOST_PROBLEMS = 50;

type Trouble = Omit<LintProblem, 'path' | 'at'> & { readonly offset: number };
const trouble = (offset: number, message: string, fix: string): Trouble => ({
  offset,
  severity: 'error',
  message,
  fix,
});

/** The report of one problem as compilers print it. */
export const describeProblem = (problem: PolicyProblem): string =>
  `${problem.file}:${problem.line}:${problem.column} ${problem.severity}: ${problem.message}. ${problem.fix}${/[.?]$/.test(problem.fix) ? '' : '.'}`;

export function readPolicy(
  source: string | Uint8Array,
  fileName: string,
): Result<PolicyFile, PolicyProblem[]> {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const written = typeof source === 'string' ? source : decode(bytes);
  const text = written.startsWith('\uFEFF') ? written.slice(1) : written;
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    lines.addNewLine(at + 1);
  const place = ({ offset, ...rest }: Trouble): PolicyProblem => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file: fileName, line, column: col, ...rest };
  };
  const inOrder = (found: readonly Trouble[]) =>
    [...found]
      .sort((one, other) => one.offset - other.offset)
      .slice(0, MOST_PROBLEMS)
      .map(place);

  const unreadable = wrongBytes(bytes, text);
  if (unreadable) return refuse([place(unreadable)]);
  const composed = compose(text);
  if (!composed.ok) return refuse(inOrder(composed.error));
  const checked = check(composed.value);
  if (!checked.ok) return refuse(inOrder(checked.error));
  const hash = createHash('sha256').update(bytes).digest('hex');
  const { policy, content, warnings } = checked.value;
  return ok({ policy, hash, content, warnings: inOrder(warnings) });
}

const decode = (bytes: Uint8Array): string =>
  bytes.length > MAX_POLICY_BYTES
    ? ''
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Carriage returns, tabs and line feeds are looked at elsewhere; U+FFFD is what is left of bytes that are not UTF-8. */
const FORBIDDEN = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\uFFFD]/u;

function wrongBytes(bytes: Uint8Array, text: string): Trouble | null {
  if (bytes.length > MAX_POLICY_BYTES)
    return trouble(
      0,
      `The file is larger than ${MAX_POLICY_BYTES / 1024} KB`,
      'Use patterns and roles instead of one rule per person',
    );
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16 || bytes[0] === 0 || bytes[1] === 0)
    return trouble(0, 'The file is UTF-16 or UTF-32', 'Save it as UTF-8');
  const strange = FORBIDDEN.exec(text);
  if (strange) return trouble(strange.index, ...strangeCharacter(strange[0]));
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
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isScalarNext ? null : CST.tokenType(lexeme);
    isScalarNext = type === 'scalar';
    starts += type === 'doc-start' ? 1 : 0;
    const banned = FORBIDDEN_TOKENS.get(type ?? '');
    if (banned) return stop(...banned);
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

/** One document to a policy. */
function check(
  document: Document.Parsed,
): Result<{ policy: Policy; content: string; warnings: Trouble[] }, Trouble[]> {
  const confusing = confusingValues(document.contents, 0);
  if (confusing.length > 0) return refuse(confusing);
  const raw: unknown = document.toJS({ maxAliasCount: 0 });
  const valueAt = (path: readonly PathStep[]) => path.reduce(child, raw);
  const locate = ({ path, at, ...rest }: LintProblem): Trouble => ({
    ...rest,
    offset: offsetOf(document.contents, path, at),
  });
  const parsed = Policy.safeParse(raw);
  if (!parsed.success)
    return refuse(
      parsed.error.issues
        .slice(0, MOST_PROBLEMS)
        .flatMap((issue) => problemsOfIssue(issue, valueAt))
        .slice(0, MOST_PROBLEMS)
        .map(locate),
    );
  const found = mostSevere(lint(parsed.data)).map(locate);
  if (found.some(({ severity }) => severity === 'error')) return refuse(found);
  return ok({ policy: parsed.data, content: JSON.stringify(raw), warnings: found });
}

const mostSevere = (problems: readonly LintProblem[]): readonly LintProblem[] =>
  [...problems]
    .sort((one, other) => one.severity.localeCompare(other.severity))
    .slice(0, MOST_PROBLEMS);

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
