/** What tests and the page do behind the API's back: the changes people make on GitHub by hand. Not logged as mutations. */
import type { Team, TeamRole, User } from './model.ts';
import type { World } from './world.ts';
import { teamKey } from './world.ts';

export function openControls(world: World) {
  const find = finders(world);
  return {
    ...accountControls(world, find),
    ...teamControls(world, find),
    /** From now on membership reads show the state of this many seconds ago; 0 ends it. */
    staleReads: world.staleReads,
  };
}

type Find = ReturnType<typeof finders>;

const nextId = (ids: number[]) => Math.max(0, ...ids) + 1;

function finders(world: World) {
  const user = (login: string): User => {
    const found = world.userByLogin(login);
    if (found === undefined) throw new Error(`the GitHub stand-in has no user ${login}`);
    return found;
  };
  const team = (key: string): Team => {
    const [org = '', slug = ''] = key.split('/');
    const found = world.team(org, slug);
    if (found === undefined) throw new Error(`the GitHub stand-in has no team ${key}`);
    return found;
  };
  return { user, team };
}

function accountControls(world: World, { user }: Find) {
  function addUser(login: string): User {
    if (world.userByLogin(login) !== undefined) throw new Error(`the login ${login} is taken`);
    const added = { id: nextId(world.tables.users.values().map(({ id }) => id)), login };
    world.tables.users.set(String(added.id), added);
    return added;
  }
  function renameUser(login: string, to: string) {
    const { id } = user(login);
    world.tables.users.set(String(id), { id, login: to });
  }

  return {
    addUser,
    renameUser,
    /** The owner of the login is renamed and a stranger takes it. Answers the stranger. */
    takeOverLogin(login: string, ownerIsNow: string): User {
      renameUser(login, ownerIsNow);
      return addUser(login);
    },
    deleteUser(login: string) {
      const { id } = user(login);
      const tables = [world.tables.teamMembers, world.tables.organizationMembers];
      for (const table of tables) {
        for (const [key] of table.entries()) if (key.endsWith(`:${id}`)) table.delete(key);
      }
      world.tables.users.delete(String(id));
    },
    setOrganizationMember(
      login: string,
      member: { role: 'admin' | 'member'; state: 'active' | 'pending' } | null,
      org = 'acme',
    ) {
      const key = `${org}:${user(login).id}`;
      if (member === null) world.tables.organizationMembers.delete(key);
      else world.tables.organizationMembers.set(key, member);
    },
  };
}

function teamControls(world: World, { user, team }: Find) {
  return {
    /** An owner changes the team on GitHub's own pages; `pending` is an invitation not yet accepted. */
    setTeamMember(
      key: string,
      login: string,
      member: { role: TeamRole; state?: 'active' | 'pending' } | null,
    ) {
      const row = member === null ? null : { role: member.role, state: member.state ?? 'active' };
      world.setTeamMember(team(key), user(login), row);
    },
    /** The person joins the organization and with it every team they were invited to. */
    acceptInvitations(login: string, org = 'acme') {
      const { id } = user(login);
      world.tables.organizationMembers.set(`${org}:${id}`, { role: 'member', state: 'active' });
      for (const candidate of world.tables.teams.values()) {
        const row = world.tables.teamMembers.get(`${teamKey(candidate)}:${id}`);
        if (row?.state === 'pending') {
          world.setTeamMember(candidate, user(login), { ...row, state: 'active' });
        }
      }
    },
    addTeam(key: string, parent: string | null = null) {
      const [org = '', slug = ''] = key.split('/');
      const id = nextId(world.tables.teams.values().map((one) => one.id));
      const added = { id, org, slug, parent, idpSynced: false, repositories: [] };
      world.tables.teams.set(teamKey(added), added);
    },
    deleteTeam(key: string) {
      const { id } = team(key);
      for (const [row, one] of world.tables.teams.entries()) {
        if (one.id === id) world.tables.teams.delete(row);
      }
      for (const [row] of world.tables.teamMembers.entries()) {
        if (row.startsWith(`${key}:`)) world.tables.teamMembers.delete(row);
      }
    },
    setIdpSync(key: string, idpSynced: boolean) {
      const found = team(key);
      world.tables.teams.set(teamKey(found), { ...found, idpSynced });
    },
  };
}
