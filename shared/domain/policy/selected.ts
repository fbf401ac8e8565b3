/**
 * Whom selectors may name, in the order of the file: everybody they select by the policy alone, and whoever is in a group now.
 * A list to look through instead of the whole company; whether somebody is selected is still `selects`' answer.
 */
import { type GroupMembers, membersOf, selects } from './members.ts';
import type { Policy, Selector } from './policy.ts';

type Listed = { readonly people: readonly string[]; readonly isListed: ReadonlySet<string> };

/** By the place in the policy where the selectors stand: neither is ever changed in place. */
const known = new WeakMap<Policy, WeakMap<object, Listed>>();
const NO_GROUPS: GroupMembers = new Map();

/** Slack ids. `place` is the object of the policy in which the selectors stand, and what is remembered. */
export function possiblySelected(
  policy: Policy,
  from: { readonly place: object; readonly selectors: readonly Selector[] },
  members: GroupMembers = NO_GROUPS,
): readonly string[] {
  const listed = listedBy(policy, from);
  const inGroups = new Set([...members.values()].flat());
  if (inGroups.size === 0) return listed.people;
  return [...membersOf(policy).bySlack.keys()].filter(
    (slack) => listed.isListed.has(slack) || inGroups.has(slack),
  );
}

function listedBy(
  policy: Policy,
  { place, selectors }: { readonly place: object; readonly selectors: readonly Selector[] },
): Listed {
  const ofPolicy = known.get(policy) ?? new WeakMap<object, Listed>();
  known.set(policy, ofPolicy);
  const before = ofPolicy.get(place);
  if (before) return before;
  const people = [...membersOf(policy).bySlack.values()]
    .filter((member) => selectors.some((each) => selects(each, member, member.roles)))
    .map(({ slack }) => slack);
  const listed = { people, isListed: new Set(people) };
  ofPolicy.set(place, listed);
  return listed;
}
