/**
 * Adding, editing and removing members, with GitLab's own surprises: a second add is a conflict, who only inherits cannot
 * be edited or removed, a role below the inherited one is refused, a removal takes everything below with it unless told
 * not to, and some successes change nothing (a full instance, promotions that wait for an administrator).
 */
import type { Context, Hono } from 'hono';
import { askedFor, isRefusal, refuseTerms, termsOf } from './member-terms.ts';
import { LEVELS, type Member, type Place, type User } from './model.ts';
import type { RateLimit } from './rate-limit.ts';
import { badParameter, notFound, refuse } from './refusal.ts';
import { TOKEN_USER } from './seed.ts';
import { memberBody } from './shapes.ts';
import type { TokenAuth } from './token-auth.ts';
import type { World } from './world.ts';

/** How the instance is set up; tests change it. */
export type Instance = {
  /** Promotions wait for an administrator. */
  queuePromotions: boolean;
  /** No seat is left: new memberships wait. */
  full: boolean;
  /** The next add answers `status: error` and does nothing. */
  failNextAdd: boolean;
};

type Parts = {
  world: World;
  auth: TokenAuth;
  rateLimit: RateLimit;
  instance: Instance;
  now: () => Date;
};

export function writeRoutes(app: Hono, parts: Parts) {
  const { world, auth } = parts;
  for (const kind of ['group', 'project'] as const) {
    const base = `/${kind}s/:place/members`;
    const member = `${base}/:user{[0-9]+}`;
    const within =
      (act: (context: Context, place: Place, parts: Parts) => Response | Promise<Response>) =>
      (context: Context) => {
        const place = world.place(kind, context.req.param('place') ?? '');
        if (place === undefined) return notFound(context, kind === 'group' ? 'Group' : 'Project');
        return mayManage(world, place, 0) ? act(context, place, parts) : forbidden(context);
      };
    app.post(base, auth.needs('api'), within(addMember));
    app.put(member, auth.needs('api'), within(editMember));
    app.delete(member, auth.needs('api'), within(removeMember));
  }
}

const forbidden = (context: Context) => refuse(context, 403, '403 Forbidden');

/** In a project a Maintainer may, up to their own level; in a group only an Owner. */
function mayManage(world: World, place: Place, level: number): boolean {
  const id = world.userByName(TOKEN_USER)?.id;
  const own = world.effective(place).find(({ member }) => member.userId === id)?.level ?? 0;
  const needed = place.kind === 'group' ? LEVELS.owner : LEVELS.maintainer;
  return own >= needed && own >= level && !place.archived;
}

async function addMember(context: Context, place: Place, parts: Parts) {
  const { world, instance, now } = parts;
  const asked = await askedFor(context);
  if (asked instanceof Response) return asked;
  if (asked.user_id !== undefined && asked.username !== undefined)
    return badParameter(context, 'user_id, username are mutually exclusive');
  if (asked.user_id === undefined && asked.username === undefined)
    return badParameter(
      context,
      'user_id, username are missing, at least one parameter must be provided',
    );
  const user =
    asked.user_id === undefined
      ? world.userByName(asked.username ?? '')
      : world.userById(asked.user_id);
  if (user === undefined) return notFound(context, 'User');
  if (world.direct(place, user.id) !== undefined)
    return refuse(context, 409, 'Member already exists');
  if (!mayManage(world, place, asked.access_level ?? 0)) return forbidden(context);
  const locked = place.kind === 'project' && world.groupsAbove(place).some((g) => g.membershipLock);
  if (locked) return refuse(context, 405, '405 Method Not Allowed');
  if (user.bot)
    return refuse(context, 400, {
      user_id: ['project bots cannot be added to other groups / projects'],
    });
  if (instance.failNextAdd) {
    instance.failNextAdd = false;
    return context.json(
      { status: 'error', message: { [user.username]: 'could not be added' } },
      400,
    );
  }
  if (instance.queuePromotions) return queued(context, user, 201);
  const terms = termsOf(world, now(), { place, user, before: undefined, asked });
  if (isRefusal(terms)) return refuseTerms(context, terms);
  const createdAt = now().toISOString();
  const row = { placeId: place.id, userId: user.id, awaiting: instance.full, createdAt, ...terms };
  return store(context, { parts, place, user, row, method: 'POST' });
}

async function editMember(context: Context, place: Place, parts: Parts) {
  const { world, instance, now } = parts;
  const asked = await askedFor(context);
  if (asked instanceof Response) return asked;
  const user = world.userById(Number(context.req.param('user')));
  const before = user && world.direct(place, user.id);
  if (user === undefined || before === undefined) return notFound(context);
  const highest = Math.max(asked.access_level ?? 0, before.level);
  if (!mayManage(world, place, highest)) return forbidden(context);
  if (instance.queuePromotions && (asked.access_level ?? 0) > before.level)
    return queued(context, user, 200);
  const terms = termsOf(world, now(), { place, user, before, asked });
  if (isRefusal(terms)) return refuseTerms(context, terms);
  return store(context, { parts, place, user, row: { ...before, ...terms }, method: 'PUT' });
}

function removeMember(context: Context, place: Place, { world, rateLimit }: Parts) {
  const limited = rateLimit.removal(context, place.id);
  if (limited !== null) return limited;
  const user = world.userById(Number(context.req.param('user')));
  const before = user && world.direct(place, user.id);
  if (user === undefined || before === undefined) return notFound(context);
  if (user.bot || !mayManage(world, place, before.level)) return forbidden(context);
  const flag = (name: string) => ['true', '1'].includes(context.req.query(name) ?? '');
  const alsoRemovedFrom = world.erase(place, user.id, flag('skip_subresources'));
  world.log({
    method: 'DELETE',
    place: place.path,
    account: user.username,
    accountId: String(user.id),
    level: null,
    expiresAt: null,
    alsoRemovedFrom,
    unassigned: flag('unassign_issuables'),
  });
  return context.body(null, 204);
}

const queued = (context: Context, user: User, status: 200 | 201) =>
  context.json(
    { message: { [user.username]: 'Request queued for administrator approval.' } },
    status,
  );

function store(
  context: Context,
  change: { parts: Parts; place: Place; user: User; row: Member; method: 'POST' | 'PUT' },
) {
  const { parts, place, user, row, method } = change;
  parts.world.log({
    method,
    place: place.path,
    account: user.username,
    accountId: String(user.id),
    level: row.level,
    expiresAt: row.expiresAt,
    alsoRemovedFrom: [],
    unassigned: false,
  });
  parts.world.setMember(row);
  const body = memberBody(context, parts.world, { member: row, level: row.level });
  return context.json(body, method === 'POST' ? 201 : 200);
}
