/**
 * The GitHub stand-in's memory: who exists, who is in which organization and team. Every change is on disk before it is
 * answered; a change asked for through the API is also logged, before it is made. Reads of memberships may be stale on
 * demand, as GitHub's replicas are. Knows nothing of HTTP.
 */
import { join } from 'node:path';
import type * as z from 'zod';
import { openDurableMap } from '../durable-map.ts';
import type { GithubSeed, Seat, TeamRole } from './model.ts';
import * as model from './model.ts';
import { openStaleness } from './staleness.ts';

export type World = ReturnType<typeof openWorld>;
type Tables = ReturnType<typeof openTables>;

export const teamKey = (team: { org: string; slug: string }) => `${team.org}/${team.slug}`;
const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function openWorld(options: { dataDir: string | null; now: () => Date; seed: GithubSeed }) {
  const tables = openTables(options.dataDir);
  if (tables.organizations.size === 0) plant(tables, options.seed);

  const staleness = openStaleness(options.now, () => new Map(tables.teamMembers.entries()));
  const userByLogin = (login: string) =>
    tables.users.values().find((user) => sameName(user.login, login));
  const organizationMember = (org: string, userId: number) =>
    tables.organizationMembers.get(`${org}:${userId}`);

  /** Everybody in the team, child teams included; organization owners show as maintainers. */
  function seats(team: model.Team): Seat[] {
    const rows = staleness.view();
    const found = new Map<number, Seat>();
    const collect = (at: model.Team, inherited: boolean) => {
      for (const user of tables.users.values()) {
        const row = rows.get(`${teamKey(at)}:${user.id}`);
        if (row === undefined || found.has(user.id) || (inherited && row.state === 'pending'))
          continue;
        const owner = organizationMember(team.org, user.id)?.role === 'admin';
        const role = owner ? 'maintainer' : inherited ? 'member' : row.role;
        found.set(user.id, { user, state: row.state, role, inherited });
      }
      for (const child of tables.teams.values()) {
        if (child.org === at.org && child.parent === at.slug) collect(child, true);
      }
    };
    collect(team, false);
    return [...found.values()].sort((a, b) => a.user.id - b.user.id);
  }

  return {
    tables,
    userByLogin,
    userById: (id: number) => tables.users.get(String(id)),
    organization: (login: string) =>
      tables.organizations.values().find((org) => sameName(org.login, login)),
    organizationMember,
    team: (org: string, slug: string) =>
      tables.teams.values().find((team) => sameName(team.org, org) && sameName(team.slug, slug)),
    seats,
    setTeamMember(team: model.Team, user: model.User, member: model.TeamMember | null) {
      staleness.remember();
      const key = `${teamKey(team)}:${user.id}`;
      if (member === null) tables.teamMembers.delete(key);
      else tables.teamMembers.set(key, member);
    },
    log(entry: {
      method: 'PUT' | 'DELETE';
      team: model.Team;
      user: model.User;
      role: TeamRole | null;
    }) {
      tables.mutations.set(String(tables.mutations.size + 1), {
        at: options.now().toISOString(),
        method: entry.method,
        team: teamKey(entry.team),
        account: entry.user.login,
        accountId: String(entry.user.id),
        role: entry.role,
      });
    },
    staleReads: staleness.set,
    close() {
      for (const table of Object.values(tables)) table.close();
    },
  };
}

function openTables(dataDir: string | null) {
  const open = <T>(name: string, schema: z.ZodType<T>) =>
    openDurableMap(dataDir === null ? null : join(dataDir, 'github', `${name}.log`), (value) =>
      schema.parse(value),
    );
  return {
    organizations: open('organizations', model.Organization),
    users: open('users', model.User),
    organizationMembers: open('organization-members', model.OrganizationMember),
    teams: open('teams', model.Team),
    teamMembers: open('team-members', model.TeamMember),
    mutations: open('mutations', model.Mutation),
  };
}

function plant(tables: Tables, seed: GithubSeed) {
  const idOf = (login: string) => {
    const user = seed.users.find((candidate) => candidate.login === login);
    if (user === undefined)
      throw new Error(`the GitHub seed names ${login}, who is not among its users`);
    return user.id;
  };
  for (const user of seed.users) tables.users.set(String(user.id), user);
  for (const { org, login, role, state } of seed.organizationMembers) {
    tables.organizationMembers.set(`${org}:${idOf(login)}`, { role, state });
  }
  for (const team of seed.teams) tables.teams.set(teamKey(team), team);
  for (const { team, login, role } of seed.teamMembers) {
    tables.teamMembers.set(`${team}:${idOf(login)}`, { role, state: 'active' });
  }
  // Last: an organization on disk says that the seed is complete.
  for (const org of seed.organizations) tables.organizations.set(org.login, org);
}
