/** GitHub's answers, as far as Hallpass reads them. Whatever does not parse is a malformed answer, never a guess. */
import * as z from 'zod';

/** Never starts with a dot: `..` as a login or slug would turn a team's URL into another endpoint's. */
export const githubName = /^[A-Za-z0-9_-][A-Za-z0-9_.[\]-]{0,99}$/;

const id = z.int().positive();
const login = z.string().regex(githubName);
const teamRole = z.enum(['member', 'maintainer']);
const state = z.enum(['active', 'pending']);

export const userAnswer = z.object({ id, login, type: z.string() });
export const usersAnswer = z.array(userAnswer);
export const organizationMembershipAnswer = z.object({ state, role: z.string() });
/** `ldap_dn` is set on GitHub Enterprise Server when LDAP, not the API, decides who is in the team. */
export const teamAnswer = z.object({ id, slug: z.string(), ldap_dn: z.string().nullish() });
export const teamMembershipAnswer = z.object({ role: teamRole, state });
/** `role` and `inherited` are recent: older GitHub Enterprise Server versions send neither. */
export const teamMembersAnswer = z.array(
  z.object({ id, login, role: teamRole.optional(), inherited: z.boolean().optional() }),
);
/** The token is opaque (its format changed in 2026); it only has to fit into a header. */
export const installationTokenAnswer = z.object({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_at: z.iso.datetime({ offset: true }),
});
/** What GitHub itself says when it says no. A proxy's page does not look like this. */
export const refusalAnswer = z.object({
  message: z.string(),
  errors: z.array(z.object({ field: z.string() }).partial().catch({})).catch([]),
});

export type TeamMember = z.infer<typeof teamMembersAnswer>[number];
