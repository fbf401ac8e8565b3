/**
 * Whom selectors may name, in the order of the file: everybody they select by the policy alone, and whoever is in a group now.
 * A list to look through instead of the whole company; whether somebody is selected is still `selects`' answer.
 */
import { type GroupMembers, membersOf, selects } from './members.ts';
import type { Policy, Selector } from './policy.ts';

type Listed = { readonly people: readonly string[]; readonly isListed: ReadonlySet<string> };

/** What is remembered of a policy, which is never changed in place: five hundred rules mostly name the same few roles. */
type Remembered = {
  /** By the place where selectors stand, and by what they say. */
  readonly byPlace: WeakMap<object, Listed>;
  readonly byWords: Map<string, Listed>;
};
const remembered = new WeakMap<Policy, Remembered>();
const NO_GROUPS: GroupMembers = new Map();

/** Slack ids. `place` is the object of the policy in which the selectors stand, and what is remembered. */
export function possiblySelected(
  policy: Policy,
  from: { readonly place: object; readonly selectors: readonly Selector[] },
  members: GroupMembers = NO_GROUPS,
): readonly string[] {
  const listed = listedBy(policy, from);
  const inGroups = new Set([...members.values()].flat());
  // Stryker disable next-line ConditionalExpression: only says the same sooner
  if (inGroups.size === 0) return listed.people;
  return [...membersOf(policy).bySlack.keys()].filter(
    (slack) => listed.isListed.has(slack) || inGroups.has(slack),
  );
}

function listedBy(
  policy: Policy,
  { place, selectors }: { readonly place: object; readonly selectors: readonly Selector[] },
): Listed {
  const known = remembered.get(policy) ?? { byPlace: new WeakMap(), byWords: new Map() };
  remembered.set(policy, known);
  const before = known.byPlace.get(place);
  // Stryker disable next-line ConditionalExpression: worked out again it is the same
  if (before) return before;
  const words = JSON.stringify(selectors);
  const listed = known.byWords.get(words) ?? listedAnew(policy, selectors);
  known.byPlace.set(place, listed);
  known.byWords.set(words, listed);
  return listed;
}

function listedAnew(policy: Policy, selectors: readonly Selector[]): Listed {
  const people = [...membersOf(policy).bySlack.values()]
    .filter((member) => selectors.some((each) => selects(each, member, member.roles)))
    .map(({ slack }) => slack);
  return { people, isListed: new Set(people) };
}
