/** users.*, bots.* and usergroups.*: who people are. */
import { required } from '../arguments.ts';
import { userObject } from '../shapes.ts';
import { SlackError } from '../slack-error.ts';
import type { Method } from '../world.ts';

export const people: Readonly<Record<string, Method>> = {
  'users.info': {
    scopes: ['users:read'],
    run({ world, args }) {
      const person = world.directory.person(required(args, 'user'));
      if (person === undefined) throw new SlackError('user_not_found');
      return { user: userObject(world, person) };
    },
  },
  'users.list': {
    scopes: ['users:read'],
    run: ({ world }) => ({
      members: world.directory.people().map((person) => userObject(world, person)),
      cache_ts: 1_700_000_000,
      response_metadata: { next_cursor: '' },
    }),
  },
  'users.lookupByEmail': {
    scopes: ['users:read.email'],
    run({ world, args }) {
      const email = required(args, 'email').toLowerCase();
      const person = world.directory
        .people()
        .find((one) => one.email?.toLowerCase() === email && !one.deleted);
      if (person === undefined) throw new SlackError('users_not_found');
      return { user: userObject(world, person) };
    },
  },
  'bots.info': {
    scopes: ['users:read'],
    run({ world, args }) {
      const { botId: id, appId, botUserId } = world;
      if (required(args, 'bot') !== id) throw new SlackError('bot_not_found');
      return { bot: { id, deleted: false, name: 'hallpass', app_id: appId, user_id: botUserId } };
    },
  },
  'usergroups.users.list': {
    scopes: ['usergroups:read'],
    run({ world, args }) {
      const id = required(args, 'usergroup');
      const group = world.directory.userGroups().find((one) => one.id === id);
      if (group === undefined) throw new SlackError('no_such_subteam');
      return { users: [...group.users] };
    },
  },
};
