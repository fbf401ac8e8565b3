/** Reads cases beside a policy, with file:line:column and the fix of what is wrong in them. */

import type * as z from 'zod';
import { type FileProblem, readYaml, type YamlFile } from '../../shared/adapters/strict-yaml.ts';
import { closest } from '../../shared/domain/policy/catalog.ts';
import type { LintProblem, PathStep } from '../../shared/domain/policy/lint.ts';
import { issueInWords } from '../../shared/domain/policy/policy-issue.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { CASE_KEYS, Cases } from './cases.ts';

export type CasesFile = {
  readonly cases: Cases;
  /** `access.test.yaml:12:5`, by the number of the case from 0. */
  readonly placeOf: (index: number) => string;
};

const LIMITS = { bytes: 1024 * 1024, smaller: 'Write more than one file of cases' };
const MOST = 50;

export function readCases(bytes: Uint8Array, name: string): Result<CasesFile, FileProblem[]> {
  const file = readYaml(bytes, name, LIMITS);
  if (!file.ok) return file;
  const parsed = Cases.safeParse(file.value.data);
  if (!parsed.success) {
    const { issues } = parsed.error;
    return refuse(
      file.value.placed(issues.slice(0, MOST).flatMap((issue) => problemOf(issue, file.value))),
    );
  }
  const places = file.value.placed(
    parsed.data.cases.map((_, index) => ({ ...error(['cases', index]), message: '', fix: '' })),
    parsed.data.cases.length,
  );
  const placeOf = (index: number): string => {
    const place = places[index];
    return place ? `${name}:${place.line}:${place.column}` : name;
  };
  return ok({ cases: parsed.data, placeOf });
}

const error = (path: readonly PathStep[]) =>
  ({ path, at: 'value', severity: 'error' }) satisfies Partial<LintProblem>;

function problemOf(issue: z.core.$ZodIssue, file: YamlFile): LintProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'invalid_union') {
    const meant = issue.errors[isRefused(file.valueAt(path)) ? 1 : 0] ?? [];
    return meant.flatMap((inner) =>
      problemOf({ ...inner, path: [...issue.path, ...inner.path] }, file),
    );
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      ...{ path: [...path, key], at: 'key', severity: 'error' },
      ...{ message: `Unknown key "${key.slice(0, 60)}"`, fix: insteadOf(key) },
    }));
  const words =
    issue.code === 'invalid_format'
      ? { message: 'This is no moment with its zone', fix: 'Write "2026-11-23T10:00:00Z"' }
      : issueInWords(issue, path, file.valueAt(path));
  return [{ ...error(path), ...words }];
}

function insteadOf(key: string): string {
  const [near] = closest(key, CASE_KEYS, 1);
  return near === undefined || near === key
    ? 'Remove it, or correct its name'
    : `Did you mean "${near}"?`;
}

const isRefused = (written: unknown): boolean =>
  typeof written === 'object' && written !== null && 'refused' in written;
