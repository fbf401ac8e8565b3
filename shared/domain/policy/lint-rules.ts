/** The rules of a policy against its people and against each other: unreachable approvers, rules that are never reached, figures that contradict. */
import { placesFilled, type Voter } from './approvals.ts';
import { globCovers } from './glob.ts';
import type { LintProblem, PathStep } from './lint.ts';
import { lintReach } from './lint-reach.ts';
import { type Member, type Members, membersOf, selects, withIncluded } from './members.ts';
import type { AccessRule, BreakGlassRule, Policy, Rule, Selector } from './policy.ts';

export function lintRules(policy: Policy): readonly LintProblem[] {
  const covered = shadowed(policy);
  return [
    ...doubledIds(policy),
    ...policy.rules.flatMap((rule, index) => [
      ...('approvals' in rule
        ? [...figures(policy, rule, index), ...unsatisfied(policy, rule, index)]
        : []),
      ...tooWide(rule, index),
    ]),
    ...covered,
    ...lintReach(policy, new Set(covered.map(({ path }) => Number(path[1])))),
  ];
}

const problem =
  (severity: LintProblem['severity'], at: LintProblem['at'] = 'value') =>
  (path: readonly PathStep[], message: string, fix: string): LintProblem => ({
    path,
    at,
    severity,
    message,
    fix,
  });
const error = problem('error');
const warning = problem('warning');

function doubledIds(policy: Policy): LintProblem[] {
  const seen = new Set<string>();
  return policy.rules.flatMap(({ id }, index) => {
    if (seen.has(id))
      return [
        error(['rules', index, 'id'], `Two rules are called "${id}"`, 'Give each its own id'),
      ];
    seen.add(id);
    return [];
  });
}

function figures(policy: Policy, rule: AccessRule, index: number): LintProblem[] {
  const at = ['rules', index];
  const found: LintProblem[] = [];
  if ((rule.max_total ?? rule.max_duration) < rule.max_duration)
    found.push(
      error(
        [...at, 'max_total'],
        'max_total is shorter than max_duration',
        'Make it at least as long: it is the time with all extensions',
      ),
    );
  if (rule.escalate && rule.escalate.after >= rule.lapse_after)
    found.push(
      warning(
        [...at, 'escalate', 'after'],
        'The request lapses before it escalates',
        'Make escalate.after shorter than lapse_after',
      ),
    );
  if (rule.when?.working_hours !== undefined && !policy.working_hours)
    found.push(
      error(
        [...at, 'when', 'working_hours'],
        'This rule depends on working hours and the policy names none',
        'Add `working_hours: { days: [...], from: "08:00", to: "19:00" }` at the top',
      ),
    );
  return found;
}

function tooWide(rule: Rule, index: number): LintProblem[] {
  if ('deny' in rule) return [];
  return rule.entitlements.flatMap((glob, position) =>
    /^\*/.test(glob)
      ? [
          warning(
            ['rules', index, 'entitlements', position],
            `"${glob}" reaches over every provider, also those added later`,
            'Begin it with a provider, for example github:acme/*',
          ),
        ]
      : [],
  );
}

/** Who is in a group is not known here: anybody whom the policy lists may be, and nobody else counts. */
function unsatisfied(policy: Policy, rule: AccessRule, index: number): LintProblem[] {
  const { bySlack, included } = membersOf(policy);
  const fromGroups = rolesFromGroups(policy, included);
  const mayBe = (selector: Selector, member: Member): boolean =>
    selects(selector, member, member.roles) ||
    (selector.roles?.some((role) => fromGroups.has(role)) ?? false);
  const counts = rule.approvals.map(({ count }) => count);
  const needed = counts.reduce((sum, count) => sum + count, 0);
  const people = [...bySlack.values()];
  const voters = people.flatMap((member) => voterOf(rule, member, mayBe));
  const path = ['rules', index, 'approvals'];
  const most = placesFilled(counts, voters);
  if (most < needed)
    return [
      error(
        path,
        `Nobody can satisfy rule "${rule.id}": it needs ${needed} approvals of different people and this policy has ${most}`,
        'Lower the count, or give more people the role',
      ),
    ];
  const kindOf = new Map(voters.map(({ human, groups }) => [human, [...groups].join()]));
  const answers = new Map<string, boolean>();
  // People who could fill the same places are missed alike: it is worked out once for all of them.
  const isMissed = ({ slack }: Member): boolean => {
    const kind = kindOf.get(slack);
    // Stryker disable next-line ConditionalExpression: without who fills no place there are as many as before
    if (kind === undefined) return false;
    const others = () => voters.filter(({ human }) => human !== slack);
    const answer = answers.get(kind) ?? placesFilled(counts, others()) < needed;
    answers.set(kind, answer);
    return answer;
  };
  const missed = people.filter(isMissed);
  const stuck = missed.filter((member) => mayBe(rule.requesters, member));
  if (stuck.length === 0) return [];
  const asking = people.filter((member) => mayBe(rule.requesters, member));
  if (stuck.length === asking.length && !rule.auto_approve)
    return [
      error(
        path,
        `Nobody can satisfy rule "${rule.id}": whoever asks by it is needed to approve it, and nobody approves their own request`,
        'Give one more person a role that approves',
      ),
    ];
  const names = stuck.slice(0, 5).map(({ name }) => name);
  const message = `Nobody could approve what ${names.join(', ')} asks by rule "${rule.id}": nobody approves their own request`;
  return [warning(path, message, 'Give one more person a role that approves')];
}

type MayBe = (selector: Selector, member: Member) => boolean;

function voterOf(rule: AccessRule, member: Member, mayBe: MayBe): Voter[] {
  const groups = rule.approvals
    .map(({ from }, group) => ({ from, group }))
    .filter(({ from }) => mayBe(from, member))
    .map(({ group }) => group);
  // Stryker disable next-line ConditionalExpression: who fills no place is no help
  return groups.length === 0 ? [] : [{ human: member.slack, groups: new Set(groups) }];
}

function rolesFromGroups(policy: Policy, included: Members['included']): ReadonlySet<string> {
  const direct = Object.values(policy.groups ?? {}).flatMap(({ roles }) => roles);
  return withIncluded(direct, included);
}

/** A rule is shadowed when an earlier one of its kind, or any deny rule, takes everything it could match. */
function shadowed(policy: Policy): LintProblem[] {
  const found: LintProblem[] = [];
  for (const [index, rule] of policy.rules.entries()) {
    if ('deny' in rule) continue;
    const above = policy.rules.find(
      (other, position) =>
        ('deny' in other || (position < index && 'approvals' in other === 'approvals' in rule)) &&
        coversRule(policy, other, rule),
    );
    if (above)
      found.push(
        problem('warning', 'key')(
          ['rules', index, 'id'],
          `Rule "${rule.id}" is never reached: rule "${above.id}" takes all it matches`,
          'deny' in above ? 'Narrow the deny rule, or remove this one' : 'Move it up, or remove it',
        ),
      );
  }
  return found;
}

function coversRule(policy: Policy, wide: Rule, narrow: AccessRule | BreakGlassRule): boolean {
  return (
    narrow.entitlements.every((glob) => wide.entitlements.some((over) => globCovers(over, glob))) &&
    (wide.requesters === undefined || coversSelector(policy, wide.requesters, narrow.requesters))
  );
}

const byName = new WeakMap<Policy, ReadonlyMap<string, Member>>();

function memberNamed(policy: Policy, name: string): Member | undefined {
  const known =
    byName.get(policy) ??
    new Map([...membersOf(policy).bySlack.values()].map((each) => [each.name, each]));
  byName.set(policy, known);
  return known.get(name);
}

function coversSelector(policy: Policy, wide: Selector, narrow: Selector): boolean {
  const { included } = membersOf(policy);
  const holds = (roles: ReadonlySet<string> | undefined) =>
    wide.roles?.some((role) => roles?.has(role)) ?? false;
  return (
    (narrow.roles ?? []).every((role) => holds(included.get(role))) &&
    (narrow.people ?? []).every(
      (name) => wide.people?.includes(name) || holds(memberNamed(policy, name)?.roles),
    )
  );
}
