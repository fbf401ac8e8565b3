/** conversations.*: channels, direct messages and what was said in them. Which scope is needed depends on the kind. */
import { flag, optional, required } from '../arguments.ts';
import type { Conversation } from '../directory.ts';
import type { JsonObject } from '../json.ts';
import type { Message } from '../messages.ts';
import { channelObject, messageObject } from '../shapes.ts';
import { SlackError } from '../slack-error.ts';
import { type Call, type Method, requireScope } from '../world.ts';

function kindOf(channel: Conversation): 'im' | 'groups' | 'channels' {
  if (channel.kind === 'im') return 'im';
  return channel.isPrivate ? 'groups' : 'channels';
}

/** Private channels without the bot do not exist for it. */
function readable({ world, args }: Call, right: 'read' | 'history'): Conversation {
  const channel = world.directory.conversation(required(args, 'channel'));
  if (channel === undefined) throw new SlackError('channel_not_found');
  requireScope(world, `${kindOf(channel)}:${right}`);
  const member = channel.members.includes(world.botUserId);
  if (!member && channel.isPrivate) throw new SlackError('channel_not_found');
  if (!member && right === 'history') throw new SlackError('not_in_channel');
  return channel;
}

/** Only `users`, one of them: the bot talks to people one by one. */
function open({ world, args }: Call): JsonObject {
  requireScope(world, 'im:write');
  const users = required(args, 'users').split(',');
  const person = world.directory.person(users[0] ?? '');
  if (users.length > 1) throw new SlackError('missing_scope', { needed: 'mpim:write' });
  if (person === undefined) throw new SlackError('user_not_found');
  if (person.isBot) throw new SlackError('cannot_dm_bot');
  if (person.deleted) throw new SlackError('user_disabled');
  const channel = world.directory.openDm(person.id);
  const full = flag(args, 'return_im') ? channelObject(world, channel) : { id: channel.id };
  return { channel: full };
}

/** One page, cursor = how many were already shown. */
function page(call: Call, messages: readonly Message[]): JsonObject {
  const { world, args } = call;
  const limit = Math.min(Number(optional(args, 'limit') ?? 100), 1000);
  const start = Number(optional(args, 'cursor') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw new SlackError('invalid_cursor');
  if (!(limit >= 1)) throw new SlackError('invalid_limit');
  const shown = messages.slice(start, start + limit);
  const more = start + limit < messages.length;
  return {
    messages: shown.map((message) => {
      const { metadata, ...rest } = messageObject(world, message);
      return metadata !== undefined && flag(args, 'include_all_metadata')
        ? { ...rest, metadata }
        : rest;
    }),
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: String(start + limit) } } : {}),
  };
}

function within({ args }: Call): (message: Message) => boolean {
  const oldest = Number(optional(args, 'oldest') ?? 0);
  const latest = Number(optional(args, 'latest') ?? Number.POSITIVE_INFINITY);
  const inclusive = flag(args, 'inclusive');
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function history(call: Call): JsonObject {
  const channel = readable(call, 'history');
  const top = call.world.messages
    .all()
    .filter((one) => one.channel === channel.id && (one.thread_ts === undefined || one.broadcast))
    .filter(within(call));
  return page(call, top.reverse());
}

function replies(call: Call): JsonObject {
  const channel = readable(call, 'history');
  const { messages } = call.world;
  const asked = messages.find(channel.id, required(call.args, 'ts'));
  const parent = messages.find(channel.id, asked?.thread_ts ?? asked?.ts ?? '');
  if (parent === undefined) throw new SlackError('thread_not_found');
  const answers = messages.replies(channel.id, parent.ts).filter(within(call));
  return page(call, [parent, ...answers]);
}

export const conversations: Readonly<Record<string, Method>> = {
  'conversations.open': { scopes: [], run: open },
  'conversations.info': {
    scopes: [],
    run: (call) => ({ channel: channelObject(call.world, readable(call, 'read')) }),
  },
  'conversations.members': {
    scopes: [],
    run: (call) => ({ members: [...readable(call, 'read').members] }),
  },
  'conversations.history': { scopes: [], run: history },
  'conversations.replies': { scopes: [], run: replies },
};
