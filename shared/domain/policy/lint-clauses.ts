/** Automatic approval, freezes, separation of duties and limits against the rest of the policy: what contradicts itself or does nothing. */
import { matchesGlob } from './glob.ts';
import type { LintProblem, PathStep } from './lint.ts';
import { membersOf } from './members.ts';
import type { AccessRule, Policy } from './policy.ts';

export const lintClauses = (policy: Policy): readonly LintProblem[] => [
  ...doubledNames(policy),
  ...freezes(policy),
  ...separations(policy),
  ...policy.rules.flatMap((rule, index) =>
    'approvals' in rule
      ? [...automatic(policy, rule, index), ...dayLimit(policy, rule, index)]
      : [],
  ),
];

const problem =
  (severity: LintProblem['severity']) =>
  (path: readonly PathStep[], message: string, fix: string): LintProblem => ({
    ...{ path, severity, message, fix },
    at: 'value',
  });
const error = problem('error');
const warning = problem('warning');

function doubledNames(policy: Policy): LintProblem[] {
  const lists = [
    ['freeze', policy.freeze ?? []],
    ['separation', policy.separation ?? []],
  ] as const;
  return lists.flatMap(([key, list]) => {
    const seen = new Set<string>();
    return list.flatMap(({ name }, index) => {
      if (!seen.has(name)) seen.add(name);
      else return [error([key, index, 'name'], `Two are called "${name}"`, 'Give each its own')];
      return [];
    });
  });
}

function matchesNothing(policy: Policy, glob: string): boolean {
  for (const id of membersOf(policy).entitlements.keys()) if (matchesGlob(glob, id)) return false;
  return true;
}

const nothing = (path: readonly PathStep[], glob: string): LintProblem =>
  warning(path, `"${glob}" matches no entitlement of this policy`, 'Correct it, or remove it');

function freezes(policy: Policy): LintProblem[] {
  return (policy.freeze ?? []).flatMap(({ entitlements }, index) =>
    entitlements.flatMap((glob, position) =>
      glob !== '*' && matchesNothing(policy, glob)
        ? [nothing(['freeze', index, 'entitlements', position], glob)]
        : [],
    ),
  );
}

function separations(policy: Policy): LintProblem[] {
  const ids = [...membersOf(policy).entitlements.keys()];
  return (policy.separation ?? []).flatMap(({ name, entitlements: groups }, index) => {
    const at = ['separation', index, 'entitlements'];
    const inSeveral = ids.find(
      (id) => groups.filter((globs) => globs.some((glob) => matchesGlob(glob, id))).length > 1,
    );
    const overlap =
      inSeveral === undefined
        ? []
        : [
            error(
              at,
              `"${inSeveral}" is in two groups of "${name}": nobody could hold it twice, or beside its like`,
              'Leave it in one group',
            ),
          ];
    const idle = groups.flatMap((globs, group) =>
      globs.flatMap((glob, position) =>
        matchesNothing(policy, glob) ? [nothing([...at, group, position], glob)] : [],
      ),
    );
    return [...overlap, ...idle];
  });
}

function automatic(policy: Policy, rule: AccessRule, index: number): LintProblem[] {
  const auto = rule.auto_approve;
  if (!auto) return [];
  const at = ['rules', index, 'auto_approve'];
  const found: LintProblem[] = [];
  if (rule.approvals.reduce((sum, { count }) => sum + count, 0) > 1)
    found.push(
      error(
        at,
        `Rule "${rule.id}" needs two humans and approves by itself`,
        'Remove auto_approve, or lower the count to 1',
      ),
    );
  const privileged = [...membersOf(policy).entitlements].find(
    ([id, entitlement]) =>
      entitlement.privileged && rule.entitlements.some((glob) => matchesGlob(glob, id)),
  );
  if (privileged)
    found.push(
      error(
        at,
        `Rule "${rule.id}" would approve "${privileged[0]}" by itself, which is privileged`,
        'Give what is privileged a rule of its own, with approvals only',
      ),
    );
  return [...found, ...conditions(policy, auto.when, [...at, 'when'])];
}

function conditions(
  policy: Policy,
  when: NonNullable<AccessRule['auto_approve']>['when'],
  at: readonly PathStep[],
): LintProblem[] {
  const found: LintProblem[] = [];
  if (when.working_hours !== undefined && !policy.working_hours)
    found.push(
      error(
        [...at, 'working_hours'],
        'This depends on working hours and the policy names none',
        'Add `working_hours: { days: [...], from: "08:00", to: "19:00" }` at the top',
      ),
    );
  if (when.on_call !== undefined && !Object.hasOwn(policy.groups ?? {}, when.on_call))
    found.push(
      error(
        [...at, 'on_call'],
        `There is no group "${when.on_call}": nobody would ever be on call`,
        'Add it under `groups`, or name one of them',
      ),
    );
  return found;
}

function dayLimit(policy: Policy, rule: AccessRule, index: number): LintProblem[] {
  const max = rule.limits?.max_per_day ?? policy.limits?.max_per_day;
  if (max === undefined || rule.max_duration <= max) return [];
  return [
    warning(
      ['rules', index, 'max_duration'],
      `Rule "${rule.id}" allows longer at once than max_per_day on one day`,
      'Shorten max_duration, or raise max_per_day',
    ),
  ];
}
