/** GitLab's answers, as far as Hallpass reads them. Whatever does not parse is a malformed answer, never a guess. */
import * as z from 'zod';

/** Never starts with a dot: `..` as a name would turn one endpoint's URL into another's. */
export const gitlabUsername = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/;

const id = z.int().positive();
const username = z.string().regex(gitlabUsername);

/** `bot` is only in the answer about a single user. */
export const userAnswer = z.object({
  id,
  username,
  state: z.string(),
  bot: z.boolean().optional(),
});
export const usersAnswer = z.array(userAnswer);

const deletion = z.string().nullish();
export const projectAnswer = z
  .object({
    id,
    path_with_namespace: z.string(),
    archived: z.boolean().optional(),
    marked_for_deletion_on: deletion,
    marked_for_deletion_at: deletion,
  })
  .transform(({ path_with_namespace: path, ...rest }) => ({ path, ...rest }));
export const groupAnswer = z
  .object({
    id,
    full_path: z.string(),
    archived: z.boolean().optional(),
    marked_for_deletion_on: deletion,
  })
  .transform(({ full_path: path, ...rest }) => ({
    path,
    marked_for_deletion_at: null,
    ...rest,
  }));

export const memberAnswer = z.object({
  id,
  username,
  access_level: z.int().min(0).max(1000),
  /** A date: the membership is over when it begins. */
  expires_at: z.iso.date().nullable(),
  /** `awaiting` where no seat is left: a membership that gives no access yet (Premium). */
  membership_state: z.string().optional(),
  /** A custom role on top of the level (Ultimate). */
  member_role: z.object({ id }).nullish(),
});
export const membersAnswer = z.array(memberAnswer);
export type Member = z.infer<typeof memberAnswer>;

/** To a change GitLab may also answer 2xx with something that is no membership at all. */
export const changeAnswer = z.union([
  memberAnswer,
  z.object({ status: z.literal('error') }).transform(() => 'failed' as const),
  z
    .union([
      z.object({ queued_users: z.record(z.string(), z.string()) }),
      z.object({ message: z.record(z.string(), z.string().regex(/queued/i)) }),
    ])
    .transform(() => 'queued' as const),
]);
export type Change = z.infer<typeof changeAnswer>;

/** What GitLab itself says when it says no. A proxy's page does not look like this. */
export const refusalAnswer = z.union([
  z.object({ message: z.union([z.string(), z.record(z.string(), z.unknown())]) }),
  z.object({ error: z.string() }),
]);
