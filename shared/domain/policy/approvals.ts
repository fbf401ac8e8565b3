/**
 * N of M over several groups: how many places of a rule distinct humans can fill, each human one place at most.
 * A maximum matching, so neither the order of the approvals nor the order of the groups changes the answer.
 */

/** One human and the groups (by index) in which they may fill a place. */
export type Voter = { readonly human: string; readonly groups: ReadonlySet<number> };

/** Several accounts of one human become one voter with the rights of all of them, counted once. */
function byHuman(voters: readonly Voter[]): readonly Voter[] {
  const merged = new Map<string, ReadonlySet<number>>();
  for (const { human, groups } of voters) {
    const before = merged.get(human);
    merged.set(human, before ? new Set([...before, ...groups]) : groups);
  }
  return [...merged].map(([human, groups]) => ({ human, groups }));
}

/** How many of the places (`counts[i]` in group i) the voters fill at best. */
export function placesFilled(counts: readonly number[], voters: readonly Voter[]): number {
  const people = byHuman(voters);
  const places = counts.flatMap((count, group) => Array.from({ length: count }, () => ({ group })));
  const placeOf = new Map<string, { group: number }>();
  const fill = (place: { group: number }, tried: Set<string>): boolean => {
    for (const { human, groups } of people) {
      if (tried.has(human) || !groups.has(place.group)) continue;
      tried.add(human);
      const held = placeOf.get(human);
      if (held !== undefined && !fill(held, tried)) continue;
      placeOf.set(human, place);
      return true;
    }
    return false;
  };
  return places.filter((place) => fill(place, new Set())).length;
}
