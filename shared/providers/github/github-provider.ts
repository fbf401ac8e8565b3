/**
 * GitHub team membership. Grants by putting a full member of the organization into a team, ends by taking them out.
 * Guarantees: no change under a login that GitHub has given to somebody else; "not a member" only when GitHub itself
 * says so about a team that exists; a pending invitation is no access but is cancelled like one. Never touches the
 * organization's membership or any child team, never follows a redirect, never retries.
 */
import * as z from 'zod';
import type {
  AccessProvider,
  ContainerRef,
  ProviderAccount,
  ProviderMembership,
} from '../../ports.ts';
import { ProviderFault } from '../../ports.ts';
import { accountById, accountByLogin, accountMissing, loginToday } from './accounts.ts';
import { organizationMembershipAnswer, teamMembershipAnswer } from './answers.ts';
import { githubCatalog } from './catalog.ts';
import type { GithubApi, GithubOptions } from './github-api.ts';
import { githubApi } from './github-api.ts';
import type { CreateJwt, GithubAuth } from './installation-tokens.ts';
import type { Team } from './team.ts';
import { requireTeam, teamOf } from './team.ts';
import { teamMembers } from './team-members.ts';

const MEMBERSHIP = '/orgs/{org}/teams/{team_slug}/memberships/{username}';
const ABSENT: ProviderMembership = { role: null, direct: true, until: null };
/** GitHub ends whatever it has worked on for 10 seconds. */
const GITHUB_PROCESSING_SECONDS = 10;

export function githubProvider(options: GithubOptions): AccessProvider {
  const api = githubApi(options);
  return {
    name: 'github',
    // Up to two timeouts of preparation (see `preparation`), one for the change itself, then GitHub's own limit.
    inflightSeconds: Math.ceil((3 * api.timeoutMs) / 1000) + GITHUB_PROCESSING_SECONDS,
    completeness: 'R0',
    roles: (kind) => (kind === 'team' ? githubCatalog.kinds.team.roles : []),
    resolveAccount: (login) => accountByLogin(api, login),
    currentAccount: (accountId) => accountById(api, accountId),
    checkEligible: (container, account) => checkEligible(api, container, account),
    // `async`, so that a malformed container rejects instead of throwing
    read: async (container, account) => readMembership(api, teamOf(container), account),
    setRole: (container, account, role) => setRole(api, { container, account, role }),
    remove: async (container, account) => remove(api, teamOf(container), account),
    list: async (container) => list(api, teamOf(container)),
  };
}

/** From the operator's secret: the key in it, or a signer that has it. @throws Error when there is neither */
export function githubAuth(
  secret: { appId: string; installationId: number; privateKey?: string | undefined },
  createJwt: CreateJwt | undefined,
): GithubAuth {
  const { privateKey, ...app } = secret;
  if (createJwt) return { ...app, createJwt };
  if (privateKey !== undefined) return { ...app, privateKey };
  throw new Error(
    `GitHub App ${app.appId} has no key: put privateKey into its secret, or name its key in KMS (GithubAppKeyId).`,
  );
}

async function checkEligible(api: GithubApi, container: ContainerRef, account: ProviderAccount) {
  const team = teamOf(container);
  const login = await loginToday(api, account);
  if (login === null) throw accountMissing(account.login);
  const membership = await api.ask({
    route: 'GET /orgs/{org}/memberships/{username}',
    parameters: { org: team.org, username: login },
    permission: 'write', // also proves that the App may change members at all
    status: 200,
    schema: organizationMembershipAnswer,
  });
  if (membership === null || membership.value.state !== 'active') {
    throw outsider(team, login, 'no');
  }
  const { ldap_dn } = await requireTeam(api, team);
  if (ldap_dn === undefined || ldap_dn === null || ldap_dn === '') return;
  throw new ProviderFault(
    `LDAP decides who is in ${team.org}/${team.team_slug}; use a team that is managed on GitHub`,
    { code: 'container-not-manageable', retryable: false, applied: 'no' },
  );
}

async function readMembership(
  api: GithubApi,
  team: Team,
  account: ProviderAccount,
): Promise<ProviderMembership> {
  const login = await loginInTeam(api, team, account);
  if (login === null) return ABSENT;
  const membership = await api.ask({
    route: `GET ${MEMBERSHIP}`,
    parameters: { ...team, username: login },
    permission: 'read',
    status: 200,
    schema: teamMembershipAnswer,
  });
  if (membership === null) await requireTeam(api, team);
  if (membership === null || membership.value.state !== 'active') return ABSENT;
  // This endpoint counts child teams' members as well; only the list tells them apart.
  const listed = await findMember(api, team, account);
  return { role: membership.value.role, direct: listed?.inherited !== true, until: null };
}

async function setRole(
  api: GithubApi,
  change: { container: ContainerRef; account: ProviderAccount; role: string },
) {
  const team = teamOf(change.container);
  if (!githubCatalog.kinds.team.roles.some((role) => role === change.role)) {
    throw new ProviderFault(
      `a GitHub team has no role ${JSON.stringify(change.role)}: use member or maintainer`,
      { code: 'invalid-role', retryable: false, applied: 'no' },
    );
  }
  const notAfter = preparation(api);
  const login = await loginToday(api, change.account);
  if (login === null) throw accountMissing(change.account.login);
  const answer = await api.ask({
    route: `PUT ${MEMBERSHIP}`,
    parameters: { ...team, username: login, role: change.role },
    permission: 'write',
    status: 200,
    schema: teamMembershipAnswer,
    notAfter,
  });
  if (answer === null) {
    await requireTeam(api, team);
    throw accountMissing(login);
  }
  if (answer.value.state === 'pending') await withdrawInvitation(api, team, login);
}

/** Whoever is not in the organization is invited instead, and the invitation would become access whenever accepted. */
async function withdrawInvitation(api: GithubApi, team: Team, username: string): Promise<never> {
  try {
    await deleteMembership(api, { team, username, notAfter: preparation(api) });
  } catch {
    throw outsider(team, username, 'unknown'); // the invitation may still stand: the caller has to remove it
  }
  throw outsider(team, username, 'no');
}

async function remove(api: GithubApi, team: Team, account: ProviderAccount) {
  const notAfter = preparation(api);
  const username = await loginInTeam(api, team, account);
  if (username === null) return;
  const answer = await deleteMembership(api, { team, username, notAfter });
  if (answer === null) await requireTeam(api, team);
}

function deleteMembership(
  api: GithubApi,
  target: { team: Team; username: string; notAfter: AbortSignal },
) {
  return api.ask({
    route: `DELETE ${MEMBERSHIP}`,
    parameters: { ...target.team, username: target.username },
    permission: 'write',
    status: 204,
    schema: z.unknown(),
    notAfter: target.notAfter,
  });
}

async function list(api: GithubApi, team: Team) {
  const members = [];
  for await (const member of teamMembers(api, team, 'all')) members.push(member);
  const maintainers = new Set<number>();
  if (members.some((member) => member.role === undefined)) {
    for await (const member of teamMembers(api, team, 'maintainer')) maintainers.add(member.id);
  }
  return members.map((member) => ({
    accountId: String(member.id),
    login: member.login,
    role: member.role ?? (maintainers.has(member.id) ? 'maintainer' : 'member'),
    // Without the flag (older servers) a member counts as direct: removing one that is not does no harm.
    direct: member.inherited !== true,
    until: null,
  }));
}

/** Like `loginToday`, but only the team itself can prove that an account GitHub no longer resolves is not in it. */
async function loginInTeam(api: GithubApi, team: Team, account: ProviderAccount) {
  const login = await loginToday(api, account);
  return login ?? (await findMember(api, team, account))?.login ?? null;
}

async function findMember(api: GithubApi, team: Team, account: ProviderAccount) {
  for await (const member of teamMembers(api, team, 'all')) {
    if (String(member.id) === account.accountId) return member;
  }
  return null;
}

/** A change that was not sent within two timeouts is not sent at all, so that `inflightSeconds` holds. */
function preparation(api: GithubApi): AbortSignal {
  return AbortSignal.timeout(2 * api.timeoutMs);
}

function outsider(team: Team, login: string, applied: 'no' | 'unknown'): ProviderFault {
  return new ProviderFault(
    `${login} is not a full member of the GitHub organization ${team.org}: an owner has to invite them, and they have to accept, before a team can hold them`,
    { code: 'not-a-member-of-organization', retryable: false, applied },
  );
}
