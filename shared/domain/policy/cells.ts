/** What one policy gives one person about one entitlement, by the policy alone: no hour, freeze or count of a moment. */
import { membersOf, withIncluded } from './members.ts';
import { canonical } from './narrower.ts';
import type {
  AccessRule,
  BreakGlassRule,
  Entitlement,
  Freeze,
  Policy,
  Rule,
  Selector,
} from './policy.ts';
import { rulesCovering } from './rules-covering.ts';
import type { Group } from './schema/people.ts';

/** Stands for whoever is in the group of that name. */
export const GROUP = 'group:';

/** A person, whoever is in a group, or a person while they are in it. */
export type Who = {
  readonly slack: string | null;
  /** Name of the group. */
  readonly group: string | null;
};
export const whoIs = (id: string): Who =>
  id.startsWith(GROUP)
    ? { slack: null, group: id.slice(GROUP.length) }
    : { slack: id, group: null };

export type Cell = {
  readonly entitlement: Entitlement;
  readonly ask: AccessRule | null;
  readonly glass: BreakGlassRule | null;
  /** Ids of the rules in which they may fill a place, and of those by which others may ask for them. */
  readonly approves: readonly string[];
  readonly holds: readonly string[];
};

type Somebody = {
  /** Null: whoever is in a group. */
  readonly name: string | null;
  readonly roles: ReadonlySet<string>;
  /** Null: any provider. */
  readonly providers: readonly string[] | null;
};

function somebody(policy: Policy, { slack, group }: Who): Somebody | null {
  const given = rolesGiven(policy, group);
  if (slack === null) return given && { name: null, roles: given, providers: null };
  const member = membersOf(policy).bySlack.get(slack);
  if (!member) return null;
  const { name, roles, accounts } = member;
  return {
    name,
    roles: given ? new Set([...roles, ...given]) : roles,
    // Stryker disable next-line MethodExpression: only finds more who are alike, which are told together anyway
    providers: [...accounts.keys()].sort(),
  };
}

/** With all that they include; null where there is no such group. */
function rolesGiven(policy: Policy, name: string | null): ReadonlySet<string> | null {
  const group = new Map<string | null, Group>(Object.entries(policy.groups ?? {})).get(name);
  return group ? withIncluded(group.roles, membersOf(policy).included) : null;
}

/** All that the rules can see of a person: who is described alike has the same rights. */
export function personIn(policy: Policy, who: Who): unknown {
  const person = somebody(policy, who);
  if (!person) return null;
  const { name, roles, providers } = person;
  // Stryker disable next-line MethodExpression: as above
  return [[...roles].sort(), namedIn(policy).has(name) ? name : null, providers];
}

const named = new WeakMap<Policy, ReadonlySet<string | null>>();

/** Names of people that rules mention. */
function namedIn(policy: Policy): ReadonlySet<string | null> {
  const known = named.get(policy);
  // Stryker disable next-line ConditionalExpression: worked out again it is the same
  if (known) return known;
  const selectors = policy.rules.flatMap((rule) => [
    rule.requesters,
    // Stryker disable next-line ArrayDeclaration: a text in it selects nobody
    ...('approvals' in rule ? [rule.subjects, ...rule.approvals.map(({ from }) => from)] : []),
  ]);
  // Stryker disable next-line ArrayDeclaration: nobody has that name
  const all = new Set<string | null>(selectors.flatMap((selector) => selector?.people ?? []));
  named.set(policy, all);
  return all;
}

/** All that decides about an entitlement. */
export function thingIn(policy: Policy, id: string): unknown {
  const entitlement = membersOf(policy).entitlements.get(id);
  if (!entitlement) return null;
  const { owner, resource, ...rest } = entitlement;
  return [rest, rulesCovering(policy, id).map((rule) => policy.rules.indexOf(rule))];
}

export function cellOf(policy: Policy, who: Who, entitlementId: string): Cell | null {
  const person = somebody(policy, who);
  const entitlement = membersOf(policy).entitlements.get(entitlementId);
  if (!person || !entitlement) return null;
  const rules = rulesCovering(policy, entitlementId);
  const isIn = (selector: Selector | undefined) =>
    selector !== undefined && selected(selector, person);
  const denied = rules.some(
    (rule) => 'deny' in rule && (!rule.requesters || isIn(rule.requesters)),
  );
  const mayHold = person.providers === null || person.providers.includes(entitlement.provider);
  const own = denied || !mayHold ? [] : rules.filter((rule) => isIn(rule.requesters));
  const access = rules.filter(isAccess);
  return {
    entitlement,
    ask: own.find(isAccess) ?? null,
    glass: own.find((rule): rule is BreakGlassRule => 'break_glass' in rule) ?? null,
    approves: access.filter(({ approvals }) => approvals.some(({ from }) => isIn(from))).map(idOf),
    holds: access.filter(({ subjects }) => !denied && mayHold && isIn(subjects)).map(idOf),
  };
}

const isAccess = (rule: Rule): rule is AccessRule => 'approvals' in rule;
const idOf = ({ id }: Rule): string => id;

const selected = ({ people, roles }: Selector, person: Somebody): boolean =>
  people?.some((name) => name === person.name) === true ||
  roles?.some((role) => person.roles.has(role)) === true;

/** Roles that the product itself gives something to. */
const POWERS = ['admin', 'auditor', 'security'] as const;
export const powersOf = (policy: Policy, id: string): readonly string[] =>
  POWERS.filter((role) => somebody(policy, whoIs(id))?.roles.has(role));

/** What else gives people more that no cell shows: another login, another order of the rules, an exception of a freeze. */
export function widerBeside(before: Policy, now: Policy): readonly string[] {
  const changed = [...membersOf(now).bySlack].some(([slack, { accounts, email }]) => {
    const was = membersOf(before).bySlack.get(slack);
    // By an address two accounts are one human: without it they may be two.
    if (was && was.email !== null && was.email !== email) return true;
    return [...accounts].some(
      ([provider, login]) => was?.accounts.has(provider) && was.accounts.get(provider) !== login,
    );
  });
  const heads = ({ rules }: Policy) =>
    canonical(rules.map(({ id, entitlements, requesters }) => ({ id, entitlements, requesters })));
  // Somebody's own roles and those of a group together may meet another rule first.
  const reordered = groupsOf(now).length > 0 && heads(before) !== heads(now);
  return [
    ...(changed ? ['accounts'] : []),
    ...(reordered ? ['rules'] : []),
    ...(someoneExcepted(before, now) ? ['freeze'] : []),
  ];
}

export const groupsOf = ({ groups = {} }: Policy): readonly string[] => Object.keys(groups);

/** Somebody whom a freeze excepts now and did not before, by a role that they or their group got. */
function someoneExcepted(before: Policy, now: Policy): boolean {
  const isIn = (policy: Policy, selector: Selector, who: Who) => {
    const person = somebody(policy, who);
    return person !== null && selected(selector, person);
  };
  const everybody = [
    ...[...membersOf(now).bySlack.keys()].map((slack) => ({ slack, group: null })),
    ...groupsOf(now).map((group) => ({ slack: null, group })),
  ];
  const changes = ({ except }: Freeze) =>
    except && everybody.some((who) => isIn(now, except, who) && !isIn(before, except, who));
  return now.freeze?.some(changes) === true;
}
