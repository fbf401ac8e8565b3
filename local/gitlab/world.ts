/**
 * The GitLab stand-in's memory: people, groups, projects, direct memberships. Every change is on disk before it is
 * answered; a change asked for through the API is also logged. What comes by inheritance is worked out when it is read.
 * Memberships whose date has come go with the nightly job (00:10 UTC), as GitLab's do: with all that lies below them.
 */
import { openMemberships } from './memberships.ts';
import type * as model from './model.ts';
import type { GitlabSeed } from './model.ts';
import { keyOf, openTables, plant } from './tables.ts';

export type World = ReturnType<typeof openWorld>;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function openWorld(options: { dataDir: string | null; now: () => Date; seed: GitlabSeed }) {
  const { now } = options;
  const tables = openTables(options.dataDir);
  if (tables.places.size === 0) plant(tables, options.seed, now());
  const { groupsAbove, direct, directOf, effective, erase } = openMemberships(tables, now);

  return {
    tables,
    userByName: (username: string) =>
      tables.users.values().find((user) => same(user.username, username)),
    userById: (id: number) => tables.users.get(String(id)),
    /** By number or path. A project answers under its former paths too. */
    place: (kind: model.Place['kind'], idOrPath: string) =>
      tables.places
        .values()
        .find(
          (place) =>
            place.kind === kind &&
            (String(place.id) === idOrPath ||
              [place.path, ...place.formerPaths].some((path) => same(path, idOrPath))),
        ),
    groupsAbove,
    direct,
    directOf,
    effective,
    erase,
    setMember(member: model.Member) {
      tables.members.set(keyOf(member.placeId, member.userId), member);
    },
    log(entry: Omit<model.Mutation, 'at'>) {
      const mutation = { at: now().toISOString(), ...entry };
      tables.mutations.set(String(tables.mutations.size + 1), mutation);
    },
    close() {
      for (const table of Object.values(tables)) table.close();
    },
  };
}
