/** What one policy gives one person about one entitlement, by the policy alone: no hour, freeze or count of a moment. */
import { membersOf } from './members.ts';
import { canonical } from './narrower.ts';
import type { AccessRule, BreakGlassRule, Entitlement, Policy, Rule, Selector } from './policy.ts';
import { rulesCovering } from './rules-covering.ts';

/** Stands for whoever is in the group of that name. */
export const GROUP = 'group:';

export type Cell = {
  readonly entitlement: Entitlement;
  readonly ask: AccessRule | null;
  readonly glass: BreakGlassRule | null;
  /** Ids of the rules in which they may fill a place, and of those by which others may ask for them. */
  readonly approves: readonly string[];
  readonly holds: readonly string[];
};

type Somebody = {
  readonly name: string;
  readonly roles: ReadonlySet<string>;
  /** Null: any provider. */
  readonly providers: readonly string[] | null;
};

function somebody(policy: Policy, id: string): Somebody | null {
  const { bySlack, included } = membersOf(policy);
  const member = bySlack.get(id);
  if (member) return { ...member, providers: [...member.accounts.keys()].sort() };
  const name = id.startsWith(GROUP) ? id.slice(GROUP.length) : '';
  const group = Object.hasOwn(policy.groups ?? {}, name) ? policy.groups?.[name] : undefined;
  if (!group) return null;
  const roles = new Set(group.roles.flatMap((role) => [...(included.get(role) ?? [])]));
  return { name: '', roles, providers: null };
}

/** All that the rules can see of a person: who is described alike has the same rights. */
export function personIn(policy: Policy, id: string): unknown {
  const person = somebody(policy, id);
  if (!person) return null;
  const { name, roles, providers } = person;
  return [[...roles].sort(), namedIn(policy).has(name) ? name : '', providers];
}

const named = new WeakMap<Policy, ReadonlySet<string>>();

/** Names of people that rules mention. */
function namedIn(policy: Policy): ReadonlySet<string> {
  const known = named.get(policy);
  if (known) return known;
  const selectors = policy.rules.flatMap((rule) => [
    rule.requesters,
    ...('approvals' in rule ? [rule.subjects, ...rule.approvals.map(({ from }) => from)] : []),
  ]);
  const all = new Set(selectors.flatMap((selector) => selector?.people ?? []));
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

export function cellOf(policy: Policy, id: string, entitlementId: string): Cell | null {
  const person = somebody(policy, id);
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
  (people?.includes(person.name) ?? false) ||
  (roles?.some((role) => person.roles.has(role)) ?? false);

/** Roles that the product itself gives something to. */
const POWERS = ['admin', 'auditor'] as const;
export const powersOf = (policy: Policy, id: string): readonly string[] =>
  POWERS.filter((role) => somebody(policy, id)?.roles.has(role));

/** What else gives people more that no cell shows: another login, another group behind a name, another order of the rules. */
export function widerBeside(before: Policy, now: Policy): readonly string[] {
  const changed = [...membersOf(now).bySlack].some(([slack, { accounts }]) => {
    const was = membersOf(before).bySlack.get(slack)?.accounts;
    return [...accounts].some(
      ([provider, login]) => was?.has(provider) && was.get(provider) !== login,
    );
  });
  const groups = Object.entries(now.groups ?? {});
  const moved = groups.some(([name, group]) => {
    const was = before.groups?.[name];
    return (
      was !== undefined && canonical({ ...was, roles: [] }) !== canonical({ ...group, roles: [] })
    );
  });
  const heads = ({ rules }: Policy) =>
    canonical(rules.map(({ id, entitlements, requesters }) => ({ id, entitlements, requesters })));
  // Somebody's own roles and those of a group together may meet another rule first.
  const reordered = groups.length > 0 && heads(before) !== heads(now);
  return [
    ...(changed ? ['accounts'] : []),
    ...(moved ? ['groups'] : []),
    ...(reordered ? ['rules'] : []),
    ...(someoneExcepted(before, now) ? ['freeze'] : []),
  ];
}

/** Somebody whom a freeze excepts now and did not before, by a role they got. */
function someoneExcepted(before: Policy, now: Policy): boolean {
  const isIn = (policy: Policy, selector: Selector | undefined, id: string) => {
    const person = somebody(policy, id);
    return selector !== undefined && person !== null && selected(selector, person);
  };
  const ids = [...membersOf(now).bySlack.keys()];
  return (now.freeze ?? []).some(({ except }) =>
    ids.some((id) => isIn(now, except, id) && !isIn(before, except, id)),
  );
}
