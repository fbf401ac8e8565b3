/** Reads the policy file: bytes in, a checked policy or problems with line, column and fix out. What is no plain YAML stops before (strict-yaml.ts). */
import { createHash } from 'node:crypto';
import { type LintProblem, lint } from '../domain/policy/lint.ts';
import { Policy } from '../domain/policy/policy.ts';
import { problemsOfIssue } from '../domain/policy/policy-issue.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { isPacked, MOST_PACKED_BYTES, packedTexts } from './packed-version.ts';
import { type FileProblem, MOST_PROBLEMS, readYaml } from './strict-yaml.ts';

export type PolicyProblem = FileProblem;

export type PolicyFile = {
  readonly policy: Policy;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** The file's data as JSON, before our schema. */
  readonly content: string;
  readonly warnings: readonly PolicyProblem[];
};

/** A company of 1,000 people with 5,000 entitlements and 500 rules writes about half of it. */
export const MAX_POLICY_BYTES = 2048 * 1024;
const LIMITS = {
  bytes: MAX_POLICY_BYTES,
  smaller: 'Use patterns and roles instead of one rule per person',
};

/** The report of one problem as compilers print it. */
export const describeProblem = (problem: PolicyProblem): string =>
  `${problem.file}:${problem.line}:${problem.column} ${problem.severity}: ${problem.message}. ${problem.fix}${/[.?]$/.test(problem.fix) ? '' : '.'}`;

export function readPolicy(
  source: string | Uint8Array,
  fileName: string,
): Result<PolicyFile, PolicyProblem[]> {
  const file = readYaml(source, fileName, LIMITS);
  if (!file.ok) return file;
  const { data, valueAt, placed } = file.value;
  const parsed = Policy.safeParse(data);
  if (!parsed.success)
    return refuse(
      placed(
        parsed.error.issues
          .slice(0, MOST_PROBLEMS)
          .flatMap((issue) => problemsOfIssue(issue, valueAt))
          .slice(0, MOST_PROBLEMS),
      ),
    );
  const found = mostSevere(lint(parsed.data));
  if (found.some(({ severity }) => severity === 'error')) return refuse(placed(found));
  const content = JSON.stringify(data);
  const unstorable = tooMuchToStore(source, content);
  if (unstorable) return refuse(placed([unstorable]));
  const hash = createHash('sha256').update(source).digest('hex');
  return ok({ policy: parsed.data, hash, content, warnings: placed(found) });
}

/** Said where the file is read, so that who writes it hears it and not who runs the bot. */
function tooMuchToStore(source: string | Uint8Array, content: string): LintProblem | null {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  if (!isPacked({ text, content })) return null;
  const bytes = packedTexts({ text, content }).length;
  if (bytes <= MOST_PACKED_BYTES) return null;
  const message = `The file holds too much to be stored: ${Math.ceil(bytes / 1024)} KB packed, at most ${MOST_PACKED_BYTES / 1024} KB`;
  return { path: [], at: 'value', severity: 'error', message, fix: LIMITS.smaller };
}

const mostSevere = (problems: readonly LintProblem[]): readonly LintProblem[] =>
  [...problems]
    .sort((one, other) => one.severity.localeCompare(other.severity))
    .slice(0, MOST_PROBLEMS);
