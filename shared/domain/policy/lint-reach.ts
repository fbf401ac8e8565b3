/**
 * Rules by which nobody could ever ask: nobody is what they want of a requester, or rules before them take all they match. Exact for the
 * people and entitlements that the policy lists; whoever may be in a group is looked at as in it and as not in it.
 */
import { groupKey } from './group-place.ts';
import type { LintProblem } from './lint.ts';
import { type Member, membersOf, selects, withIncluded } from './members.ts';
import type { Policy, Rule, Selector } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';

/** Somebody with the roles that they have, or would have in one of the groups: more groups only let more rules take them. */
type Case = { readonly member: Member; readonly roles: ReadonlySet<string> };

/** `known`: positions of rules about which it was said already. */
export function lintReach(policy: Policy, known: ReadonlySet<number>): readonly LintProblem[] {
  const { wanted, reached, takenBy } = met(policy);
  return policy.rules.flatMap((rule, index): LintProblem[] => {
    const takers = takenBy.get(rule);
    if ('deny' in rule || reached.has(rule) || known.has(index)) return [];
    if (takers)
      return [
        {
          path: ['rules', index, 'id'],
          at: 'key',
          severity: 'warning',
          message: `Rule "${rule.id}" is never reached: ${few([...takers])} ${takers.size === 1 ? 'takes' : 'take'} all it matches`,
          fix: 'Move it up, narrow what stands before it, or remove it',
        },
      ];
    if (wanted.has(rule) || namesNobody(policy, rule.requesters)) return [];
    return [
      {
        path: ['rules', index, 'requesters'],
        at: 'value',
        severity: 'warning',
        message: `Nobody may ask by rule "${rule.id}": nobody in this policy is what it wants of a requester`,
        fix: 'Give somebody the role, or remove the rule',
      },
    ];
  });
}

/** A name that leads nowhere is an error of its own. */
const namesNobody = (policy: Policy, { roles = [], people = [] }: Selector): boolean =>
  !roles.every((role) => Object.hasOwn(policy.roles, role)) ||
  !people.every((name) => Object.hasOwn(policy.people, name));

const MOST_NAMED = 3;
const few = (ids: readonly string[]): string => {
  const shown = ids.slice(0, MOST_NAMED).map((id) => `"${id}"`);
  return `${ids.length === 1 ? 'rule' : 'rules'} ${[...shown, ...(ids.length > MOST_NAMED ? ['others'] : [])].join(', ')}`;
};

/** Which rules somebody meets, of which rules somebody is a requester, and which rules take the requesters of others. */
function met(policy: Policy) {
  const cases = casesOf(policy);
  const wanted = new Set<Rule>();
  for (const rule of policy.rules)
    if (cases.some((each) => isSelected(rule, each))) wanted.add(rule);
  const reached = new Set<Rule>();
  const takenBy = new Map<Rule, Set<string>>();
  for (const rules of coverings(policy)) {
    const denials = rules.filter((rule) => 'deny' in rule);
    for (const each of cases) {
      const denial = denials.find((rule) => isSelected(rule, each));
      for (const kind of ['approvals', 'break_glass'] as const) {
        let first: Rule | undefined = denial;
        for (const rule of rules) {
          // Stryker disable next-line BooleanLiteral: of two kinds the rules of the other are looked at in the other turn
          if (!(kind in rule) || !isSelected(rule, each)) continue;
          if (first) takenBy.set(rule, (takenBy.get(rule) ?? new Set()).add(first.id));
          else reached.add(rule);
          first ??= rule;
        }
      }
    }
  }
  return { wanted, reached, takenBy };
}

const isSelected = ({ requesters }: Rule, { member, roles }: Case): boolean =>
  requesters === undefined || selects(requesters, member, roles);

/** The lists of rules that cover an entitlement, each once. */
function coverings(policy: Policy): (readonly Rule[])[] {
  const numbers = new Map(policy.rules.map((rule, index) => [rule, index]));
  const found = new Map<string, readonly Rule[]>();
  for (const id of membersOf(policy).entitlements.keys()) {
    const rules = rulesCovering(policy, id);
    found.set(rules.map((rule) => numbers.get(rule)).join(), rules);
  }
  return [...found.values()];
}

/** People who are alike to every rule are one case. */
function casesOf(policy: Policy): Case[] {
  // Stryker disable next-line ArrayDeclaration: nobody has that name
  const named = new Set(policy.rules.flatMap(({ requesters }) => requesters?.people ?? []));
  // Stryker disable next-line ArrayDeclaration: no rule wants a role of that name
  const gained = [[], ...groupRoles(policy)];
  const found = new Map<string, Case>();
  for (const member of membersOf(policy).bySlack.values())
    for (const roles of gained) {
      const all = new Set([...member.roles, ...roles]);
      // Stryker disable next-line MethodExpression: only finds more who are alike, and so does what follows
      const key = JSON.stringify([named.has(member.name) ? member.name : null, ...[...all].sort()]);
      // Stryker disable next-line ConditionalExpression: of two who are alike either will do
      if (!found.has(key)) found.set(key, { member, roles: all });
    }
  return [...found.values()];
}

/** What each group gives; two names of one schedule are one group. */
function groupRoles(policy: Policy): string[][] {
  const { included } = membersOf(policy);
  const byKey = new Map<string, string[]>();
  for (const group of Object.values(policy.groups ?? {})) {
    const key = groupKey(group);
    // Stryker disable next-line ArrayDeclaration: as above
    byKey.set(key, [...(byKey.get(key) ?? []), ...withIncluded(group.roles, included)]);
  }
  return [...byKey.values()];
}
