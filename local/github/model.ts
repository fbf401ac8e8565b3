/** What the GitHub stand-in remembers. Everything is parsed when read back from disk. */
import * as z from 'zod';

export const TeamRole = z.enum(['member', 'maintainer']);
const State = z.enum(['active', 'pending']);

export const User = z.object({ id: z.int(), login: z.string() });
export const Organization = z.object({ id: z.int(), login: z.string() });
export const OrganizationMember = z.object({ role: z.enum(['admin', 'member']), state: State });
export const Team = z.object({
  id: z.int(),
  org: z.string(),
  slug: z.string(),
  /** Slug of the team this one is a child of. */
  parent: z.string().nullable(),
  /** An identity provider decides who is in it: the API refuses changes. */
  idpSynced: z.boolean(),
  repositories: z.array(z.object({ name: z.string(), role: z.string() })),
});
export const TeamMember = z.object({ role: TeamRole, state: State });
/** One change somebody asked for through the API and was allowed to make. */
export const Mutation = z.object({
  at: z.string(),
  method: z.enum(['PUT', 'DELETE']),
  team: z.string(),
  account: z.string(),
  accountId: z.string(),
  role: TeamRole.nullable(),
});

export type TeamRole = z.infer<typeof TeamRole>;
export type User = z.infer<typeof User>;
export type Organization = z.infer<typeof Organization>;
export type OrganizationMember = z.infer<typeof OrganizationMember>;
export type Team = z.infer<typeof Team>;
export type TeamMember = z.infer<typeof TeamMember>;
export type Mutation = z.infer<typeof Mutation>;
/** Somebody in a team as the API shows it. */
export type Seat = TeamMember & { readonly user: User; readonly inherited: boolean };

export type GithubSeed = {
  readonly organizations: readonly Organization[];
  readonly users: readonly User[];
  readonly organizationMembers: readonly (OrganizationMember & { org: string; login: string })[];
  readonly teams: readonly Team[];
  readonly teamMembers: readonly { team: string; login: string; role: TeamRole }[];
};
