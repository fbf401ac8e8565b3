/** Who is a member of what: own memberships, those that come from above or from invited groups, and what ends them. */
import type * as model from './model.ts';
import { keyOf, type Tables } from './tables.ts';

/** A membership as it counts in a place: own, from a group above, or from an invited group. */
export type Effective = { readonly member: model.Member; readonly level: number };

export function openMemberships(tables: Tables, now: () => Date) {
  const placesBelow = (place: model.Place) =>
    place.kind === 'project'
      ? []
      : tables.places.values().filter(({ path }) => path.startsWith(`${place.path}/`));
  const groupsAbove = (place: model.Place) =>
    tables.places
      .values()
      .filter(({ kind, path }) => kind === 'group' && place.path.startsWith(`${path}/`));

  /** Takes the membership away, and those below it unless told to leave them. Answers where. */
  function erase(place: model.Place, userId: number, skipBelow: boolean): string[] {
    tables.members.delete(keyOf(place.id, userId));
    if (skipBelow) return [];
    return placesBelow(place)
      .filter((below) => tables.members.delete(keyOf(below.id, userId)))
      .map(({ path }) => path);
  }

  /** GitLab's RemoveExpiredMembersWorker. */
  function nightly(): void {
    const at = now().getTime();
    for (const { placeId, userId, expiresAt } of tables.members.values()) {
      if (expiresAt === null || at < Date.parse(`${expiresAt}T00:10:00Z`)) continue;
      const place = tables.places.get(String(placeId));
      if (place !== undefined) erase(place, userId, false);
    }
  }

  const direct = (place: model.Place, userId: number) => {
    nightly();
    return tables.members.get(keyOf(place.id, userId));
  };
  const directOf = (place: model.Place) => {
    nightly();
    return tables.members.values().filter((member) => member.placeId === place.id);
  };

  /** The strongest membership per user, as `members/all` shows it. */
  function effective(place: model.Place): Effective[] {
    const found = new Map<number, Effective>();
    const offer = (member: model.Member, level: number) => {
      const known = found.get(member.userId);
      if (known === undefined || known.level < level) found.set(member.userId, { member, level });
    };
    for (const at of [place, ...groupsAbove(place)]) {
      for (const member of directOf(at)) offer(member, member.level);
      for (const { group, level } of at.invited) {
        const guests = tables.places.values().find(({ path }) => path === group);
        if (guests === undefined) continue;
        for (const member of directOf(guests)) offer(member, Math.min(level, member.level));
      }
    }
    return [...found.values()].sort((a, b) => a.member.userId - b.member.userId);
  }

  return { groupsAbove, direct, directOf, effective, erase };
}
