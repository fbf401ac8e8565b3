/** `policy test`: every case beside the policy is put to the evaluator; the first thing that differs is told, with where the case stands. */

import { describeProblem } from '../../shared/adapters/policy-file.ts';
import { formatDuration } from '../../shared/domain/duration.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { Verdict } from '../../shared/domain/policy/verdict.ts';
import type { Case, Cases, Expected } from './cases.ts';
import { readCases } from './cases-file.ts';
import { goodPolicyAt, notReadable, policyNamed } from './policy-text.ts';
import { type Question, rulingOn } from './ruling.ts';
import { nameOf, sentencesOf } from './sentences.ts';
import { EXIT, paint, plain, type Terminal } from './terminal.ts';
import { readWords } from './words.ts';

export const TEST_USAGE = `policy test [access.test.yaml ...]   [--policy access.yaml] [--json]

Puts cases to the policy. Without files: those beside the policy, access.test.yaml for access.yaml. Exits 1 when a case fails.`;

type Outcome = { readonly place: string; readonly name: string; readonly failed: string | null };

export async function test(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args, { texts: ['policy'], flags: ['json'] });
  if (!words.ok) {
    terminal.complain(`${words.error}\n\n${TEST_USAGE}`);
    return EXIT.usage;
  }
  const name = policyNamed(terminal, words.value.text('policy'));
  const file = await goodPolicyAt(terminal, name);
  if (!file.ok) {
    terminal.complain(file.error);
    return EXIT.usage;
  }
  const { rest } = words.value;
  const outcomes: Outcome[] = [];
  for (const path of rest.length > 0 ? rest : [casesBeside(name)]) {
    const bytes = await terminal.readFile(path);
    const read = bytes.ok ? readCases(bytes.value, plain(path)) : bytes;
    if (!read.ok) {
      terminal.complain(
        typeof read.error === 'string'
          ? notReadable(path, read.error)
          : read.error.map(describeProblem).map(plain).join('\n'),
      );
      return EXIT.usage;
    }
    outcomes.push(...outcomesOf(file.value.policy, read.value, terminal));
  }
  terminal.progress?.('');
  const failed = outcomes.filter((each) => each.failed !== null);
  if (words.value.has('json')) terminal.print(JSON.stringify({ cases: outcomes.length, failed }));
  else say(terminal, outcomes);
  return failed.length > 0 ? EXIT.findings : EXIT.ok;
}

const casesBeside = (policy: string): string => `${policy.replace(/\.ya?ml$/, '')}.test.yaml`;

function outcomesOf(
  policy: Policy,
  { cases: file, placeOf }: { cases: Cases; placeOf: (index: number) => string },
  terminal: Terminal,
): Outcome[] {
  return file.cases.map((each, index) => {
    if (index % 100 === 0) terminal.progress?.(`${index} of ${file.cases.length} cases`);
    return { place: placeOf(index), name: plain(each.name), failed: failureOf(policy, each, file) };
  });
}

/** Null for a case that holds. */
export function failureOf(
  policy: Policy,
  each: Case,
  file: Pick<Cases, 'at' | 'groups'>,
): string | null {
  const question = questionOf(each, file);
  const ruling = rulingOn(policy, question);
  if (!ruling.ok) return ruling.error;
  const verdict = ruling.value;
  const wrong = verdict.permitted
    ? wrongYes(policy, each.expect, verdict)
    : wrongNo(policy, { expected: each.expect, verdict, now: question.now });
  if (wrong !== null || !('allowed' in each.expect)) return wrong;
  return wrongApprover(policy, each.expect, question);
}

function questionOf(each: Case, file: Pick<Cases, 'at' | 'groups'>): Question {
  const { as, target, role, duration, reason, start } = each;
  const groups = { ...file.groups, ...each.groups };
  return {
    ...{ as, for: each.for, target, role, durationSeconds: duration, reason, start },
    now: each.at ?? file.at,
    breakGlass: each.break_glass && { incident: each.break_glass.incident ?? null },
    groups: new Map(Object.entries(groups)),
    tickets: new Map(Object.entries(each.tickets ?? {})),
    approvedBy: each.approved_by,
  };
}

const expected = (wanted: string | number, got: string | number | null): string =>
  `expected ${wanted}, got ${got ?? 'none'}`;

function wrongNo(
  policy: Policy,
  about: { expected: Expected; verdict: Extract<Verdict, { permitted: false }>; now: Date },
): string | null {
  const { refusal, rule } = about.verdict;
  const said = `${refusal.code}: ${sentencesOf(policy, refusal, about.now)}`;
  if (!('refused' in about.expected))
    return `expected that it is allowed, but it is refused (${said})`;
  const { refused, rule: wanted } = about.expected;
  if (refused !== refusal.code) return expected(`refused with ${refused}`, said);
  return wanted !== undefined && wanted !== rule ? expected(`rule ${wanted}`, rule) : null;
}

function wrongYes(
  policy: Policy,
  wanted: Expected,
  verdict: Extract<Verdict, { permitted: true }>,
): string | null {
  const { rule, approvals, approvers, maxDurationSeconds } = verdict;
  if ('refused' in wanted)
    return `expected refused with ${wanted.refused}, but it is allowed by rule ${rule}`;
  if (wanted.rule !== undefined && wanted.rule !== rule)
    return expected(`rule ${wanted.rule}`, rule);
  if (wanted.approvals !== undefined && wanted.approvals !== approvals.needed)
    return expected(`${wanted.approvals} approvals`, approvals.needed);
  if (wanted.max_duration !== undefined && wanted.max_duration !== maxDurationSeconds)
    return expected(
      `at most ${formatDuration(wanted.max_duration)}`,
      formatDuration(maxDurationSeconds),
    );
  const [want, have] = [wanted.approvers, approvers.map((slack) => nameOf(policy, slack))].map(
    (names) => names && [...new Set(names)].sort().join(', '),
  );
  return want !== undefined && want !== have
    ? expected(`approvers ${want || 'nobody'}`, have || 'nobody')
    : null;
}

function wrongApprover(
  policy: Policy,
  wanted: Extract<Expected, { allowed: true }>,
  question: Question,
): string | null {
  const told = (names: readonly string[] | undefined, may: boolean) =>
    (names ?? []).map((name) => ({ name, may }));
  for (const { name, may } of [
    ...told(wanted.may_approve, true),
    ...told(wanted.may_not_approve, false),
  ]) {
    const ruling = rulingOn(policy, { ...question, candidate: name });
    if (!ruling.ok) return ruling.error;
    const candidate = ruling.value.permitted ? ruling.value.candidate : null;
    if (candidate?.may === may) continue;
    const why = candidate && !candidate.may ? ` (${candidate.refusal.code})` : '';
    return `expected that ${name} may ${may ? '' : 'not '}approve it${why}`;
  }
  return null;
}

function say(terminal: Terminal, outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter((each) => each.failed !== null);
  for (const { place, name, failed: why } of failed)
    terminal.print(`${place} ${paint(terminal, 'red', 'failed')}: ${name}: ${plain(why ?? '')}`);
  const good = outcomes.length - failed.length;
  const figures = `${good} of ${outcomes.length} cases hold`;
  terminal.print(paint(terminal, failed.length > 0 ? 'red' : 'green', figures));
}
