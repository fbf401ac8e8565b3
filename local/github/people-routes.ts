/** Users and their place in an organization. Logins are case-insensitive; an organization answers at /users too. */
import type { Hono } from 'hono';
import type { AppAuth } from './app-auth.ts';
import { notFound } from './refusal.ts';
import { apiBase, organizationBody, publicUserBody, userBody } from './shapes.ts';
import type { World } from './world.ts';

export function peopleRoutes(app: Hono, world: World, auth: AppAuth) {
  app.get('/users/:login', auth.publicly, (context) => {
    const login = context.req.param('login');
    const user = world.userByLogin(login);
    if (user !== undefined) return context.json(publicUserBody(context, user));
    const organization = world.organization(login);
    if (organization === undefined) return notFound(context);
    return context.json({
      ...publicUserBody(context, organization),
      type: 'Organization',
    });
  });

  app.get('/users', auth.publicly, (context) => {
    const since = Number(context.req.query('since') ?? 0);
    const perPage = Math.min(100, Number(context.req.query('per_page') ?? 30) || 30);
    const users = world.tables.users.values().sort((a, b) => a.id - b.id);
    const page = users.filter((user) => user.id > since).slice(0, perPage);
    return context.json(page.map((user) => userBody(context, user)));
  });

  app.get('/user/:id', auth.publicly, (context) => {
    const user = world.userById(Number(context.req.param('id')));
    return user === undefined ? notFound(context) : context.json(publicUserBody(context, user));
  });

  app.get('/orgs/:org/memberships/:login', auth.needs('read'), (context) => {
    const organization = world.organization(context.req.param('org'));
    const user = world.userByLogin(context.req.param('login'));
    if (organization === undefined || user === undefined) return notFound(context);
    const member = world.organizationMember(organization.login, user.id);
    if (member === undefined) return notFound(context);
    return context.json({
      url: `${apiBase(context)}/orgs/${organization.login}/memberships/${user.login}`,
      state: member.state,
      role: member.role,
      direct_membership: true,
      enterprise_teams_providing_indirect_membership: [],
      organization_url: `${apiBase(context)}/orgs/${organization.login}`,
      organization: organizationBody(context, organization),
      user: userBody(context, user),
    });
  });
}
