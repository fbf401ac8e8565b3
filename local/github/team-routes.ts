/**
 * Teams and their members, with GitHub's own surprises: a membership read counts child teams' members, owners are
 * always maintainers, putting an outsider into a team sends an invitation, a team synchronized from an identity provider
 * refuses changes, deleting somebody who is not there succeeds, page links use numeric ids.
 */
import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { AppAuth } from './app-auth.ts';
import type { Seat, Team } from './model.ts';
import { TeamRole } from './model.ts';
import { notFound, refuse } from './refusal.ts';
import { apiBase, teamBody, userBody } from './shapes.ts';
import type { World } from './world.ts';

const SYNCED =
  'This team is managed by an identity provider. Membership can only be changed there.';
const Change = z.object({ role: z.string().default('member') });

export function teamRoutes(app: Hono, world: World, auth: AppAuth) {
  const teamOf = (context: Context) =>
    world.team(context.req.param('org') ?? '', context.req.param('slug') ?? '');
  const membership = '/orgs/:org/teams/:slug/memberships/:login';

  app.get('/orgs/:org/teams/:slug', auth.needs('read'), (context) => {
    const team = teamOf(context);
    return team === undefined ? notFound(context) : context.json(teamBody(context, world, team));
  });

  app.get('/orgs/:org/teams/:slug/repos', auth.needs('read'), (context) => {
    const team = teamOf(context);
    if (team === undefined) return notFound(context);
    const repositories = team.repositories.map(({ name, role }) => ({
      name,
      full_name: `${team.org}/${name}`,
      role_name: role,
    }));
    return context.json(repositories);
  });

  app.get('/orgs/:org/teams/:slug/members', auth.needs('read'), (context) => {
    const team = teamOf(context);
    return team === undefined ? notFound(context) : membersPage(context, world, team);
  });
  app.get('/organizations/:org_id/team/:team_id/members', auth.needs('read'), (context) => {
    const team = world.tables.teams
      .values()
      .find((candidate) => String(candidate.id) === context.req.param('team_id'));
    return team === undefined ? notFound(context) : membersPage(context, world, team);
  });

  app.get(membership, auth.needs('read'), (context) => {
    const team = teamOf(context);
    const user = world.userByLogin(context.req.param('login'));
    if (team === undefined || user === undefined) return notFound(context);
    const seat = world.seats(team).find((candidate) => candidate.user.id === user.id);
    return seat === undefined ? notFound(context) : membershipBody(context, team, seat);
  });

  app.put(membership, auth.needs('write'), (context) => putMember(context, world, teamOf(context)));

  app.delete(membership, auth.needs('write'), (context) => {
    const team = teamOf(context);
    const user = world.userByLogin(context.req.param('login'));
    if (team === undefined || user === undefined) return notFound(context);
    if (team.idpSynced) return refuse(context, 403, SYNCED);
    world.log({ method: 'DELETE', team, user, role: null });
    world.setTeamMember(team, user, null);
    return context.body(null, 204);
  });
}

async function putMember(context: Context, world: World, team: Team | undefined) {
  const login = context.req.param('login') ?? '';
  const user = world.userByLogin(login);
  if (team === undefined) return notFound(context);
  if (user === undefined) {
    return world.organization(login) === undefined
      ? notFound(context)
      : refuse(context, 422, 'Cannot add an organization as a member.');
  }
  if (team.idpSynced) return refuse(context, 403, SYNCED);
  const asked = await askedRole(context);
  if (asked === undefined) return refuse(context, 400, 'Problems parsing JSON');
  const role = TeamRole.safeParse(asked);
  if (!role.success) {
    const errors = [{ resource: 'TeamMember', field: 'role', code: 'invalid' }];
    return refuse(context, 422, 'Validation Failed', { errors });
  }
  const inside = world.organizationMember(team.org, user.id)?.state === 'active';
  const member = { role: role.data, state: inside ? 'active' : 'pending' } as const;
  world.log({ method: 'PUT', team, user, role: role.data });
  world.setTeamMember(team, user, member);
  const owner = world.organizationMember(team.org, user.id)?.role === 'admin';
  const shown = {
    ...member,
    role: owner ? 'maintainer' : member.role,
    user,
    inherited: false,
  } as const;
  return membershipBody(context, team, shown);
}

/** `undefined` when the body is no JSON object. */
async function askedRole(context: Context): Promise<string | undefined> {
  const text = (await context.req.text()) || '{}';
  try {
    return Change.parse(JSON.parse(text)).role;
  } catch {
    return undefined;
  }
}

function membersPage(context: Context, world: World, team: Team) {
  const role = context.req.query('role') ?? 'all';
  if (role !== 'all' && !TeamRole.safeParse(role).success) {
    return refuse(context, 422, 'Validation Failed');
  }
  const whole = (name: string, fallback: number) =>
    Math.max(1, Number.parseInt(context.req.query(name) ?? '', 10) || fallback);
  const perPage = Math.min(100, whole('per_page', 30));
  const page = whole('page', 1);
  const seats = world
    .seats(team)
    .filter((seat) => seat.state === 'active' && (role === 'all' || seat.role === role));
  const last = Math.max(1, Math.ceil(seats.length / perPage));
  const organization = world.organization(team.org);
  const link = (to: number, rel: string) =>
    `<${apiBase(context)}/organizations/${organization?.id}/team/${team.id}/members?role=${role}&per_page=${perPage}&page=${to}>; rel="${rel}"`;
  const links = [];
  if (page > 1) links.push(link(page - 1, 'prev'), link(1, 'first'));
  if (page < last) links.push(link(page + 1, 'next'), link(last, 'last'));
  if (links.length > 0) context.header('Link', links.join(', '));
  const shown = seats.slice((page - 1) * perPage, page * perPage);
  return context.json(
    shown.map((seat) => ({
      ...userBody(context, seat.user),
      role: seat.role,
      inherited: seat.inherited,
    })),
  );
}

function membershipBody(context: Context, team: Team, seat: Seat) {
  const url = `${apiBase(context)}/organizations/${team.org}/team/${team.id}/memberships/${seat.user.login}`;
  return context.json({ url, role: seat.role, state: seat.state });
}
