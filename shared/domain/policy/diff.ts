/**
 * What a change of the policy gives and takes: who may ask for what on which terms, and who may approve. People who are alike in
 * both policies, and entitlements that are, are compared once, so it is quick for thousands of each; where even that is too much it
 * says so, and counts as wider. People in groups are judged by what their group could give anybody.
 */
import { GROUP, groupsOf, personIn, powersOf, thingIn, whoIs, widerBeside } from './cells.ts';
import { type Compared, comparedCells } from './cells-compared.ts';
import { membersOf } from './members.ts';
import { canonical, widerAtTheTop } from './narrower.ts';
import type { Policy } from './policy.ts';

/** `hold`: others may ask for them. `power`: what a role gives in the product itself; it is about no entitlement. */
export type RightChange = Compared & {
  /** Slack ids; `group:<name>` stands for whoever is in a group. */
  readonly people: readonly string[];
  readonly entitlements: readonly string[];
};
export type RightsDiff = {
  readonly changes: readonly RightChange[];
  /** Pairs of a person and an entitlement, by right. */
  readonly counts: Readonly<Record<RightChange['effect'], number>>;
  /** Keys of the policy whose change gives more, whoever asks: a limit, a freeze, a hold … */
  readonly widerAtTheTop: readonly string[];
  /** Anything in it gives somebody more than before. */
  readonly widens: boolean;
  /** Too many different people and entitlements to be compared: not everything was. */
  readonly truncated: boolean;
};

/** Pairs of classes that are compared at most. */
const MOST_PAIRS = 400_000;

export function diffRights(before: Policy, now: Policy, mostPairs = MOST_PAIRS): RightsDiff {
  const people = classesOf([...slackIds(before, now)], (id) => [
    personIn(before, whoIs(id)),
    personIn(now, whoIs(id)),
  ]);
  const things = classesOf([...entitlementIds(before, now)], (id) => [
    thingIn(before, id),
    thingIn(now, id),
  ]);
  const inGroups = changedInGroups(before, now, people);
  const truncated = people.length * things.length > mostPairs;
  const isMuch = inGroups.length * things.length > mostPairs;
  const changes = [
    ...powersChanged(before, now),
    ...(truncated ? [] : changesIn([before, now], people, things)),
  ];
  const counts = { gained: 0, lost: 0, wider: 0, narrower: 0 };
  for (const { effect, people: who, entitlements } of changes)
    counts[effect] += who.length * Math.max(1, entitlements.length);
  const beside = isMuch || widerInGroups([before, now], inGroups, things) ? ['people'] : [];
  const top = new Set([...widerAtTheTop(before, now), ...widerBeside(before, now), ...beside]);
  const widens = truncated || top.size > 0 || counts.gained > 0 || counts.wider > 0;
  return { changes, counts, widerAtTheTop: [...top], widens, truncated };
}

/** One policy's rights, as what it gives over a policy that gives nothing. */
export const effectiveRights = (policy: Policy): RightsDiff =>
  diffRights({ ...policy, people: {}, groups: {}, rules: [] }, policy);

function slackIds(before: Policy, now: Policy): Set<string> {
  return new Set(
    [before, now].flatMap((policy) => [
      ...membersOf(policy).bySlack.keys(),
      ...groupsOf(policy).map((name) => `${GROUP}${name}`),
    ]),
  );
}

const entitlementIds = (before: Policy, now: Policy): Set<string> =>
  new Set([before, now].flatMap((policy) => [...membersOf(policy).entitlements.keys()]));

type Class = readonly [string, ...string[]];

/** Ids of which `describe` says the same belong together. */
function classesOf(ids: readonly string[], describe: (id: string) => unknown): Class[] {
  const classes = new Map<string, [string, ...string[]]>();
  for (const id of ids) {
    const key = canonical(describe(id));
    const alike = classes.get(key);
    if (alike) alike.push(id);
    else classes.set(key, [id]);
  }
  return [...classes.values()];
}

/** A person whom the rules see otherwise than before, in a group they may be in. */
type InGroup = { readonly slack: string; readonly group: string };

/** Own roles and those of a group together may do what neither does alone: one of them may have kept the other out. */
function changedInGroups(before: Policy, now: Policy, people: readonly Class[]): InGroup[] {
  const changed = people.filter(([id]) => {
    const who = whoIs(id);
    // Stryker disable next-line ConditionalExpression: a group in a group is nobody
    return who.slack !== null && canonical(personIn(before, who)) !== canonical(personIn(now, who));
  });
  return changed.flatMap(([slack]) => groupsOf(now).map((group) => ({ slack, group })));
}

/** Somebody gets more in a group than by their own roles. */
function widerInGroups(
  [before, now]: readonly [Policy, Policy],
  inGroups: readonly InGroup[],
  things: readonly Class[],
): boolean {
  const compare = comparedCells(before, now);
  const more = ({ slack, group }: { slack: string; group: string | null }, thing: string) =>
    compare({ slack, group }, thing).filter(isMore).map(canonical);
  return things.some(([thing]) =>
    inGroups.some((who) => {
      const alone = new Set(more({ ...who, group: null }, thing));
      return more(who, thing).some((each) => !alone.has(each));
    }),
  );
}

const isMore = ({ effect }: Compared): boolean => effect === 'gained' || effect === 'wider';

/** Classes of people whose right to the same entitlements changed alike are told as one. */
function changesIn(
  [before, now]: readonly [Policy, Policy],
  people: readonly Class[],
  things: readonly Class[],
): RightChange[] {
  const compare = comparedCells(before, now);
  const found = new Map<string, Compared & { people: string[]; entitlements: readonly string[] }>();
  for (const [place, entitlements] of things.entries())
    for (const ids of people)
      for (const each of compare(whoIs(ids[0]), entitlements[0])) {
        const key = canonical([each, place]);
        const alike = found.get(key);
        if (alike) alike.people.push(...ids);
        else found.set(key, { ...each, people: [...ids], entitlements });
      }
  return [...found.values()];
}

function powersChanged(before: Policy, now: Policy): RightChange[] {
  return [...slackIds(before, now)].flatMap((id) => {
    const [was, is] = [powersOf(before, id), powersOf(now, id)];
    const about = { right: 'power' as const, people: [id], entitlements: [] };
    return [
      ...is
        .filter((role) => !was.includes(role))
        .map((role) => ({ ...about, effect: 'gained' as const, before: null, now: role })),
      ...was
        .filter((role) => !is.includes(role))
        .map((role) => ({ ...about, effect: 'lost' as const, before: role, now: null })),
    ];
  });
}
