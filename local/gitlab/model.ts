/** What the GitLab stand-in remembers. Everything is parsed when read back from disk. */
import * as z from 'zod';

export const LEVELS = {
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;

export const User = z.object({
  id: z.int(),
  username: z.string(),
  state: z.enum(['active', 'blocked', 'banned', 'deactivated']),
  bot: z.boolean(),
});
export const Place = z.object({
  id: z.int(),
  kind: z.enum(['group', 'project']),
  path: z.string(),
  /** Paths that still lead here: a project's from before it was moved. */
  formerPaths: z.array(z.string()),
  /** Groups whose members have at most this level here. */
  invited: z.array(z.object({ group: z.string(), level: z.int() })),
  archived: z.boolean(),
  /** Premium: members of its projects cannot be added here. */
  membershipLock: z.boolean(),
});
export const Member = z.object({
  placeId: z.int(),
  userId: z.int(),
  level: z.int(),
  /** A date; gone when the nightly job of that day has run. */
  expiresAt: z.string().nullable(),
  /** Custom role; its base level is the member's level. */
  memberRoleId: z.int().nullable(),
  /** No seat was left: gives no access. */
  awaiting: z.boolean(),
  createdAt: z.string(),
});
/** One change somebody asked for through the API and was allowed to make. */
export const Mutation = z.object({
  at: z.string(),
  method: z.enum(['POST', 'PUT', 'DELETE']),
  place: z.string(),
  account: z.string(),
  accountId: z.string(),
  level: z.int().nullable(),
  expiresAt: z.string().nullable(),
  /** Memberships below that went with it. */
  alsoRemovedFrom: z.array(z.string()),
  unassigned: z.boolean(),
});

export type User = z.infer<typeof User>;
export type Place = z.infer<typeof Place>;
export type Member = z.infer<typeof Member>;
export type Mutation = z.infer<typeof Mutation>;

export type GitlabSeed = {
  readonly users: readonly User[];
  readonly places: readonly Place[];
  readonly members: readonly {
    place: string;
    username: string;
    level: number;
    expiresAt?: string;
    memberRoleId?: number;
  }[];
};

const NAMES = new Map<number, string>(Object.entries(LEVELS).map(([name, level]) => [level, name]));
export const nameOf = (level: number): string => NAMES.get(level) ?? `level ${level}`;
/** Custom roles of the instance: id -> the level they build on. */
export const CUSTOM_ROLES: ReadonlyMap<number, number> = new Map([
  [31, LEVELS.developer],
  [21, LEVELS.reporter],
]);
