/** What is on disk, and what a fresh data folder starts with. */
import { join } from 'node:path';
import type * as z from 'zod';
import { openDurableMap } from '../durable-map.ts';
import type { GitlabSeed } from './model.ts';
import * as model from './model.ts';

export type Tables = ReturnType<typeof openTables>;

export const keyOf = (placeId: number, userId: number) => `${placeId}:${userId}`;

export function openTables(dataDir: string | null) {
  const open = <T>(name: string, schema: z.ZodType<T>) =>
    openDurableMap(dataDir === null ? null : join(dataDir, 'gitlab', `${name}.log`), (value) =>
      schema.parse(value),
    );
  return {
    users: open('users', model.User),
    members: open('members', model.Member),
    mutations: open('mutations', model.Mutation),
    places: open('places', model.Place),
  };
}

export function plant(tables: Tables, seed: GitlabSeed, now: Date) {
  for (const user of seed.users) tables.users.set(String(user.id), user);
  for (const { place, username, level, expiresAt, memberRoleId } of seed.members) {
    const at = seed.places.find(({ path }) => path === place);
    const user = seed.users.find((one) => one.username === username);
    if (at === undefined || user === undefined) {
      throw new Error(`the GitLab seed puts ${username} into ${place}, and one of them is missing`);
    }
    tables.members.set(keyOf(at.id, user.id), {
      placeId: at.id,
      userId: user.id,
      level,
      expiresAt: expiresAt ?? null,
      memberRoleId: memberRoleId ?? null,
      awaiting: false,
      createdAt: now.toISOString(),
    });
  }
  // Last, in one line: a place on disk says that the seed is complete.
  tables.places.batch(seed.places.map((place) => ({ set: String(place.id), to: place })));
}
