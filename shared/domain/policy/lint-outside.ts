/** What the policy asks of other systems: groups that a rule names and nobody wrote, people whom no schedule could ever name. */
import { closest } from './catalog.ts';
import { placeOf } from './group-place.ts';
import type { LintProblem, PathStep } from './lint.ts';
import type { Policy } from './policy.ts';

export const lintOutside = (policy: Policy): readonly LintProblem[] => [
  ...unknownConditions(policy),
  ...sharedAddresses(policy),
  ...unreachableSchedules(policy),
];

const problem =
  (severity: LintProblem['severity']) =>
  (path: readonly PathStep[], message: string, fix: string): LintProblem => ({
    ...{ path, severity, message, fix },
    at: 'value',
  });
const error = problem('error');
const warning = problem('warning');

function unknownConditions(policy: Policy): LintProblem[] {
  const groups = Object.keys(policy.groups ?? {});
  return policy.rules.flatMap((rule, index) => {
    const name = 'approvals' in rule ? rule.when?.on_call : undefined;
    if (name === undefined || groups.includes(name)) return [];
    const [near] = closest(name, groups, 1);
    return [
      error(
        ['rules', index, 'when', 'on_call'],
        `There is no group "${name}": nobody could ever be on call`,
        near
          ? `Did you mean "${near}"?`
          : 'Add it under `groups`, with `on_call` or `slack_usergroup`',
      ),
    ];
  });
}

function sharedAddresses(policy: Policy): LintProblem[] {
  const ownerOf = new Map<string, string>();
  return Object.entries(policy.people).flatMap(([name, { email }]) => {
    if (email === undefined) return [];
    // Stryker disable next-line MethodExpression: in capitals it is the same address
    const key = email.toLowerCase();
    const other = ownerOf.get(key);
    ownerOf.set(key, other ?? name);
    if (other === undefined) return [];
    return [
      error(
        ['people', name, 'email'],
        `"${name}" and "${other}" have the same e-mail address: neither would be on call by it`,
        'Give each person their own, or make them one entry',
      ),
    ];
  });
}

/** A schedule that can name nobody of the policy is a rule that lets nobody do anything. */
function unreachableSchedules(policy: Policy): LintProblem[] {
  const people = Object.values(policy.people);
  return Object.entries(policy.groups ?? {}).flatMap(([name, group]) => {
    const { system } = placeOf(group);
    const known = people.some(
      ({ email, accounts }) => email !== undefined || accounts[system] !== undefined,
    );
    if (system === 'slack' || known) return [];
    return [
      warning(
        ['groups', name, 'on_call'],
        `Nobody in this policy could be on call for "${name}"`,
        `Give people an \`email\`${system === 'ical' ? '' : `, or \`accounts: { ${system}: … }\``}`,
      ),
    ];
  });
}
