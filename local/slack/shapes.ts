/** How Slack's answers spell what the stand-in keeps: people, channels, messages. Pure. */
import type { Conversation } from './directory.ts';
import type { JsonObject } from './json.ts';
import type { Message } from './messages.ts';
import type { Person } from './workspace.ts';
import type { World } from './world.ts';

export function userObject(world: World, person: Person): JsonObject {
  const email =
    person.email !== null && world.scopes.has('users:read.email') ? { email: person.email } : {};
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.deleted,
    real_name: person.realName,
    tz: person.tz,
    tz_label: person.tzLabel,
    tz_offset: person.tzOffsetSeconds,
    profile: {
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      ...email,
      ...(person.id === world.botUserId ? { bot_id: world.botId, api_app_id: world.appId } : {}),
      team: person.teamId,
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.isRestricted,
    is_ultra_restricted: person.isUltraRestricted,
    is_stranger: person.isStranger,
    is_bot: person.isBot,
    is_app_user: false,
    is_workflow_bot: false,
    is_email_confirmed: person.email !== null,
    updated: 1_700_000_000,
    enterprise_user: {
      id: person.id,
      enterprise_id: '',
      enterprise_name: '',
      is_admin: false,
      is_owner: false,
      teams: [person.teamId],
    },
  };
}

export function channelObject(world: World, channel: Conversation): JsonObject {
  const common = {
    id: channel.id,
    created: 1_700_000_000,
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_archived: channel.isArchived,
    is_org_shared: false,
    context_team_id: world.teamId,
  };
  if (channel.kind === 'im') return { ...common, user: channel.user, is_user_deleted: false };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_private: channel.isPrivate,
    is_general: channel.name === 'general',
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_pending_ext_shared: false,
    is_member: channel.members.includes(world.botUserId),
    num_members: channel.members.length,
    creator: channel.members[0] ?? world.botUserId,
    shared_team_ids: channel.isExtShared ? [world.teamId, 'T0OTHER'] : [world.teamId],
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** A message as payloads and conversations.* show it. */
export function messageObject(world: World, message: Message): JsonObject {
  const replies = world.messages.replies(message.channel, message.ts);
  const users = [...new Set(replies.map((reply) => reply.user))];
  const thread = {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
  };
  const { channel: _channel, broadcast, thread_ts: threadTs, ...kept } = message;
  return {
    type: 'message',
    ...(broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...kept,
    ...(message.bot_id === world.botId ? { app_id: world.appId } : {}),
    team: world.teamId,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    ...(replies.length > 0 ? thread : {}),
  };
}
