/** GitLab's entities as its API writes them. */
import type { Context } from 'hono';
import type { Effective } from './memberships.ts';
import { CUSTOM_ROLES, type Member, type Place, type User } from './model.ts';
import type { World } from './world.ts';

/** The address under which this request reached the instance, wherever the stand-in is mounted. */
function instance(context: Context): string {
  const url = new URL(context.req.url);
  return url.origin + url.pathname.slice(0, url.pathname.indexOf('/api/v4'));
}

export function userBody(context: Context, user: User) {
  return {
    id: user.id,
    username: user.username,
    name: user.username,
    state: user.state,
    locked: false,
    avatar_url: null,
    web_url: `${instance(context)}/${user.username}`,
  };
}

/** `GET /users/:id` alone tells bots from people. */
export const userDetails = (context: Context, user: User) => ({
  ...userBody(context, user),
  created_at: '2024-01-15T09:00:00.000Z',
  bio: '',
  bot: user.bot,
});

/** `null` for a membership whose user is gone. */
export function memberBody(context: Context, world: World, { member, level }: Effective) {
  const user = world.userById(member.userId);
  if (user === undefined) return null;
  return {
    ...userBody(context, user),
    access_level: level,
    created_at: member.createdAt,
    expires_at: member.expiresAt,
    membership_state: member.awaiting ? 'awaiting' : 'active',
    member_role: customRole(member),
  };
}

function customRole({ memberRoleId }: Member) {
  if (memberRoleId === null) return null;
  const base_access_level = CUSTOM_ROLES.get(memberRoleId) ?? 0;
  return { id: memberRoleId, name: `custom role ${memberRoleId}`, base_access_level };
}

export function placeBody(context: Context, place: Place) {
  const name = place.path.split('/').at(-1) ?? place.path;
  const common = {
    id: place.id,
    name,
    path: name,
    description: '',
    visibility: 'private',
    created_at: '2024-01-15T09:00:00.000Z',
    archived: place.archived,
    marked_for_deletion_on: null,
  };
  return place.kind === 'group'
    ? {
        ...common,
        full_name: place.path.replaceAll('/', ' / '),
        full_path: place.path,
        membership_lock: place.membershipLock,
        web_url: `${instance(context)}/groups/${place.path}`,
      }
    : {
        ...common,
        path_with_namespace: place.path,
        marked_for_deletion_at: null,
        web_url: `${instance(context)}/${place.path}`,
      };
}
