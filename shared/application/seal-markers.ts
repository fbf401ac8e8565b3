/**
 * Which markers the next checkpoint takes. One that cannot be read, and every one of those that claim the same event, is left
 * where it is and wakes a person: nobody can say which of them is true. The others are sealed all the same, else whoever can write one
 * bad row would keep everything that happens from then on unsealed. Until the bad one is gone its events have no leaf, which every
 * verification says.
 */
import { type Leaf, MOST_LEAVES } from '../domain/audit/checkpoint.ts';
import type { Telemetry } from '../ports.ts';
import type { Marker, Markers } from '../ports-audit.ts';

export type Gathered = {
  readonly markers: readonly Marker[];
  /** There are more than one checkpoint takes. */
  readonly rest: boolean;
};

/** Answers what to call for each checkpoint of one run; a marker that is left rings once in it. */
export function markerGatherer(deps: {
  readonly markers: Markers;
  readonly telemetry: Telemetry;
}): (before: Date) => Promise<Gathered> {
  const told = new Set<string>();
  const leave = (key: string, why: string): void => {
    if (told.has(key)) return;
    told.add(key);
    deps.telemetry.alarm('marker-malformed', { marker: key, why });
  };
  return async (before) => {
    const taken = openTaken();
    for await (const marker of deps.markers.before(before)) {
      // crash point 1: read
      if (marker.leaves === null) leave(marker.key, 'it is no marker');
      else {
        const clashing = taken.clashes(marker);
        if (clashing.length === 0 && !taken.fits(marker))
          return { markers: taken.sure(), rest: true };
        taken.add(marker, clashing);
        for (const { key } of clashing) leave(key, 'it claims an event twice, or another does');
      }
    }
    return { markers: taken.sure(), rest: false };
  };
}

const placeOf = ({ chain, seq }: Leaf): string => JSON.stringify([chain, seq]);

function openTaken() {
  const byPlace = new Map<string, Marker>();
  const sure = new Set<Marker>();
  let leaves = 0;
  return {
    /** Those that contradict each other, this one among them. */
    clashes(marker: Marker): readonly Marker[] {
      const places = marker.leaves.map(placeOf);
      const others = places.flatMap((place) => byPlace.get(place) ?? []);
      const isTwice = others.length > 0 || new Set(places).size < places.length;
      return isTwice ? [...new Set([marker, ...others])] : [];
    },
    fits: (marker: Marker): boolean => leaves + marker.leaves.length <= MOST_LEAVES,
    /** What is doubtful keeps its places, so that a third claim is seen, and takes no room. */
    add(marker: Marker, clashing: readonly Marker[]): void {
      for (const leaf of marker.leaves) byPlace.set(placeOf(leaf), marker);
      sure.add(marker);
      leaves += marker.leaves.length;
      for (const each of clashing) if (sure.delete(each)) leaves -= each.leaves.length;
    },
    sure: (): Marker[] => [...sure],
  };
}
