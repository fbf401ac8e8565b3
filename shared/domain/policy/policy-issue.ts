/** A schema issue in words: what is wrong at which path, and the fix. */
import type * as z from 'zod';
import { closest } from './catalog.ts';
import type { LintProblem, PathStep } from './lint.ts';
import { NOT_SUPPORTED_YET, POLICY_KEYS, ruleShapeOf } from './policy.ts';
import { freezeShapeOf } from './schema/freeze.ts';
import { ticketShapeOf } from './schema/ticket.ts';

type Issue = z.core.$ZodIssue;

/** A file of forty thousand wrong keys is told about the first ones. */
const MOST_UNKNOWN_KEYS = 20;

const MISPLACED = 'Move it to where the example policy has it, or correct the indentation';

const steps = (path: readonly PropertyKey[]): PathStep[] =>
  path.map((step) => (typeof step === 'number' ? step : String(step)));

/** `valueAt` answers what was written at a path, `undefined` where nothing was. */
export function problemsOfIssue(
  issue: Issue,
  valueAt: (path: readonly PathStep[]) => unknown,
  under: readonly PathStep[] = [],
): readonly LintProblem[] {
  const path = [...under, ...steps(issue.path)];
  if (issue.code === 'invalid_union') {
    const meant = shapeOf(path)(valueAt(path));
    return issue.errors
      .filter((_, shape) => shape === meant)
      .flatMap((inside) => inside.flatMap((inner) => problemsOfIssue(inner, valueAt, path)));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MOST_UNKNOWN_KEYS).map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => ({
      ...inWords(inner, path.at(-1)),
      path,
      at: 'key',
      severity: 'error',
    }));
  return [{ ...issueInWords(issue, path, valueAt(path)), path, at: 'value', severity: 'error' }];
}

/** Which of its shapes something at this path was meant to have. */
function shapeOf(path: readonly PathStep[]): (written: unknown) => number {
  if (path.at(-1) === 'ticket') return ticketShapeOf;
  return path[0] === 'freeze' ? freezeShapeOf : ruleShapeOf;
}

/** Of an issue about one value; `undefined` where nothing was written. */
export function issueInWords(
  issue: Issue,
  path: readonly PathStep[],
  value: unknown,
): { message: string; fix: string } {
  return value === undefined
    ? { message: `Missing: \`${path.at(-1)}\``, fix: 'Add it' }
    : inWords(issue, value);
}

function unknownKey(path: readonly PathStep[], key: string): LintProblem {
  const where = { path: [...path, key], at: 'key', severity: 'error' } as const;
  const notYet = NOT_SUPPORTED_YET.get(key);
  if (notYet !== undefined) return { ...where, ...notYet };
  const isElsewhere = POLICY_KEYS.includes(key);
  if (isElsewhere) return { ...where, message: `\`${key}\` does not belong here`, fix: MISPLACED };
  const [near] = closest(key, POLICY_KEYS, 1);
  const fix = near
    ? `Did you mean \`${near}\`?`
    : 'Remove it, or correct its name or its indentation';
  return { ...where, message: `Unknown key \`${key}\``, fix };
}

function inWords(issue: Issue, value: unknown): { message: string; fix: string } {
  if (issue.code === 'custom') {
    const fix: unknown = issue.params?.['fix'];
    const strange = typeof value === 'string' ? strangeCharacter(value) : '';
    return { message: `${issue.message}${strange}`, fix: typeof fix === 'string' ? fix : '' };
  }
  if (issue.code === 'invalid_type') return wrongType(issue.expected, value);
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String).join(', ');
    return {
      message: `${shown(value)} is not allowed here`,
      fix: `Write ${issue.values.length > 1 ? 'one of ' : ''}${allowed}`,
    };
  }
  if (issue.code === 'too_big')
    return { message: `Too much: at most ${issue.maximum}`, fix: 'Shorten it' };
  if (issue.code === 'too_small')
    return { message: `Too little: at least ${issue.minimum}`, fix: 'Add to it' };
  return { message: issue.message, fix: 'Write it as in the example policy' };
}

const KINDS: ReadonlyMap<string, readonly [name: string, fix: string]> = new Map([
  ['string', ['text', 'Put it in quotes']],
  ['number', ['a number', 'Write a plain whole number']],
  ['int', ['a whole number', 'Write a plain whole number']],
  [
    'boolean',
    ['true or false', 'Write true or false; yes, no, on and off are plain text in YAML 1.2'],
  ],
  ['array', ['a list', 'Write [one, two]']],
  ['object', ['a map', 'Write keys and values below it, indented']],
  ['record', ['a map', 'Write keys and values below it, indented']],
]);

function wrongType(expected: string, value: unknown): { message: string; fix: string } {
  const [kind, fix] = KINDS.get(expected) ?? [expected, 'Write it as in the example policy'];
  return { message: `${shown(value)} is not ${kind}`, fix };
}

function shown(value: unknown): string {
  if (value === null) return 'Nothing';
  if (Array.isArray(value)) return 'A list';
  if (typeof value === 'object') return 'A map';
  return JSON.stringify(value).slice(0, 60);
}

/** Look-alike letters and invisible characters cannot be told from good ones by eye: say which one, by number. */
function strangeCharacter(value: string): string {
  const strange = /[^ -~]/u.exec(value)?.[0];
  if (strange === undefined) return '';
  const number = (strange.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `: it holds U+${number}, which is no plain ASCII character`;
}
