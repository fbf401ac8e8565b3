/** What GitLab shows: users, groups, projects, direct and effective members. Usernames are case-insensitive; pages as GitLab's. */
import type { Context, Hono } from 'hono';
import type { Effective } from './memberships.ts';
import type { Place, User } from './model.ts';
import { notFound } from './refusal.ts';
import { TOKEN_USER } from './seed.ts';
import { memberBody, placeBody, userBody, userDetails } from './shapes.ts';
import type { TokenAuth } from './token-auth.ts';
import type { World } from './world.ts';

export function readRoutes(app: Hono, world: World, auth: TokenAuth) {
  app.use('*', auth.needs('read_api'));
  userRoutes(app, world, auth);
  for (const kind of ['group', 'project'] as const) placeRoutes(app, world, kind);
}

function userRoutes(app: Hono, world: World, auth: TokenAuth) {
  app.get('/users', (context) => {
    const wanted = context.req.query('username')?.toLowerCase();
    const users = world.tables.users.values();
    const found = users.filter((user) => !wanted || user.username.toLowerCase() === wanted);
    return page(
      context,
      found.map((user) => userBody(context, user)),
    );
  });
  const details = (context: Context, user: User | undefined) =>
    user === undefined ? notFound(context, 'User') : context.json(userDetails(context, user));
  app.get('/users/:id', (context) =>
    details(context, world.userById(Number(context.req.param('id')))),
  );
  app.get('/user', (context) => details(context, world.userByName(TOKEN_USER)));
  app.get('/personal_access_tokens/self', (context) => {
    const user_id = world.userByName(TOKEN_USER)?.id ?? 0;
    const scopes = [auth.token.scope];
    return context.json({ id: 1, name: 'hallpass', revoked: false, active: true, scopes, user_id });
  });
}

function placeRoutes(app: Hono, world: World, kind: Place['kind']) {
  const base = `/${kind}s/:place`;
  const at = (show: (context: Context, place: Place) => Response) => (context: Context) => {
    const place = world.place(kind, context.req.param('place') ?? '');
    if (place === undefined) return notFound(context, kind === 'group' ? 'Group' : 'Project');
    return show(context, place);
  };
  const direct = (place: Place) =>
    world.directOf(place).map((member) => ({ member, level: member.level }));
  const bodies = (context: Context, seats: readonly Effective[]) =>
    seats.map((seat) => memberBody(context, world, seat)).filter((body) => body !== null);
  const one = (context: Context, seats: readonly Effective[]) => {
    const wanted = context.req.param('user');
    const [found] = bodies(
      context,
      seats.filter(({ member }) => String(member.userId) === wanted),
    );
    return found === undefined ? notFound(context) : context.json(found);
  };

  app.get(
    base,
    at((context, place) => context.json(placeBody(context, place))),
  );
  app.get(
    `${base}/members`,
    at((context, place) => page(context, bodies(context, direct(place)))),
  );
  app.get(
    `${base}/members/all`,
    at((context, place) => page(context, bodies(context, world.effective(place)))),
  );
  app.get(
    `${base}/members/:user{[0-9]+}`,
    at((context, place) => one(context, direct(place))),
  );
  app.get(
    `${base}/members/all/:user{[0-9]+}`,
    at((context, place) => one(context, world.effective(place))),
  );
}

function page(context: Context, rows: readonly object[]) {
  const whole = (name: string, fallback: number) =>
    Math.max(1, Number.parseInt(context.req.query(name) ?? '', 10) || fallback);
  const perPage = Math.min(100, whole('per_page', 20));
  const at = whole('page', 1);
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const link = (to: number, rel: string) => {
    const url = new URL(context.req.url);
    url.searchParams.set('page', String(to));
    url.searchParams.set('per_page', String(perPage));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(at > 1 ? [link(at - 1, 'prev')] : []),
    ...(at < last ? [link(at + 1, 'next')] : []),
    link(1, 'first'),
    link(last, 'last'),
  ];
  context.header('Link', links.join(', '));
  context.header('X-Page', String(at));
  context.header('X-Per-Page', String(perPage));
  context.header('X-Total', String(rows.length));
  context.header('X-Total-Pages', String(last));
  context.header('X-Next-Page', at < last ? String(at + 1) : '');
  context.header('X-Prev-Page', at > 1 ? String(at - 1) : '');
  return context.json(rows.slice((at - 1) * perPage, at * perPage));
}
