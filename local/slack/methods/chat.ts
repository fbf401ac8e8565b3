/** chat.*: what the bot says, changes and takes back. */
import { flag, optional, required } from '../arguments.ts';
import type { Conversation } from '../directory.ts';
import type { JsonObject } from '../json.ts';
import { contentOf, metadataOf } from '../message-content.ts';
import type { Message } from '../messages.ts';
import { messageObject } from '../shapes.ts';
import { SlackError } from '../slack-error.ts';
import { type Call, type Method, requireScope, type World } from '../world.ts';

const scopes = ['chat:write'];

/** The conversation the bot writes to; a person's id means the direct message with that person. */
export function writable(world: World, id: string): Conversation {
  const person = world.directory.person(id);
  if (person !== undefined) {
    if (person.deleted || person.isBot || person.isStranger)
      throw new SlackError('channel_not_found');
    return world.directory.openDm(id);
  }
  const channel = world.directory.conversation(id);
  if (channel === undefined) throw new SlackError('channel_not_found');
  if (!channel.members.includes(world.botUserId))
    throw new SlackError(channel.isPrivate ? 'channel_not_found' : 'not_in_channel');
  if (channel.isArchived) throw new SlackError('is_archived');
  return channel;
}

/** Threads have one level: replies go to the message that started them. */
function threadOf(
  { world, args }: Call,
  channel: string,
): Pick<Message, 'thread_ts' | 'broadcast'> {
  const ts = optional(args, 'thread_ts');
  if (ts === undefined) return {};
  const parent = world.messages.find(channel, ts);
  if (parent === undefined) throw new SlackError('thread_not_found');
  if (parent.thread_ts !== undefined) throw new SlackError('cannot_reply_to_message');
  return { thread_ts: ts, ...(flag(args, 'reply_broadcast') ? { broadcast: true } : {}) };
}

function refuseDisguise({ world, args }: Call): void {
  for (const name of ['username', 'icon_url', 'icon_emoji'])
    if (args[name] !== undefined) requireScope(world, 'chat:write.customize');
}

function postMessage(call: Call): JsonObject {
  const { world, args } = call;
  refuseDisguise(call);
  const channel = writable(world, required(args, 'channel'));
  const { text, blocks = [] } = contentOf(args);
  const metadata = metadataOf(args);
  const postId = optional(args, 'client_msg_id');
  const first = foundAgain(world, channel.id, postId);
  if (first) return { channel: channel.id, ts: first.ts, message: messageObject(world, first) };
  const message = world.messages.post({
    channel: channel.id,
    user: world.botUserId,
    bot_id: world.botId,
    text,
    blocks,
    ...threadOf(call, channel.id),
    ...(postId === undefined ? {} : { client_msg_id: postId }),
    ...(metadata ? { metadata } : {}),
  });
  return { channel: channel.id, ts: message.ts, message: messageObject(world, message) };
}

const foundAgain = (world: World, channel: string, postId: string | undefined) =>
  world.findsPostsAgain && postId !== undefined
    ? world.messages.all().find((each) => each.channel === channel && each.client_msg_id === postId)
    : undefined;

/** The bot's own message, by channel and time stamp. */
function ownMessage({ world, args }: Call, refusal: string): Message {
  const id = required(args, 'channel');
  const ts = required(args, 'ts');
  if (world.directory.person(id) !== undefined) throw new SlackError('channel_not_found');
  const channel = writable(world, id);
  const message = world.messages.find(channel.id, ts);
  if (message === undefined) throw new SlackError('message_not_found');
  if (message.user !== world.botUserId) throw new SlackError(refusal);
  return message;
}

function update(call: Call): JsonObject {
  const { world, args } = call;
  const before = ownMessage(call, 'cant_update_message');
  const { text, blocks } = contentOf(args);
  const metadata = metadataOf(args);
  const { metadata: kept, ...rest } = before;
  const wanted = metadata === undefined ? kept : metadata;
  const after = {
    ...rest,
    text,
    blocks: blocks ?? before.blocks,
    edited: { user: world.botUserId, ts: world.messages.nextTs() },
    ...(wanted ? { metadata: wanted } : {}),
  };
  world.messages.replace(after);
  return { channel: after.channel, ts: after.ts, text, message: messageObject(world, after) };
}

function postEphemeral(call: Call): JsonObject {
  const { world, args } = call;
  const channel = writable(world, required(args, 'channel'));
  const user = required(args, 'user');
  if (!channel.members.includes(user)) throw new SlackError('user_not_in_channel');
  const { text, blocks = [] } = contentOf(args);
  const thread = threadOf(call, channel.id).thread_ts;
  const shown = world.messages.showEphemeral({
    channel: channel.id,
    user,
    text,
    blocks,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  });
  return { message_ts: shown.ts };
}

function getPermalink({ world, args }: Call): JsonObject {
  const channel = required(args, 'channel');
  const message = world.messages.find(channel, required(args, 'message_ts'));
  if (world.directory.conversation(channel) === undefined)
    throw new SlackError('channel_not_found');
  if (message === undefined) throw new SlackError('message_not_found');
  const place = `${channel}/p${message.ts.replace('.', '')}`;
  return { channel, permalink: `https://${world.teamDomain}.slack.com/archives/${place}` };
}

export const chat: Readonly<Record<string, Method>> = {
  'chat.postMessage': { scopes, run: postMessage },
  'chat.postEphemeral': { scopes, run: postEphemeral },
  'chat.update': { scopes, run: update },
  'chat.delete': {
    scopes,
    run(call) {
      const { channel, ts } = ownMessage(call, 'cant_delete_message');
      call.world.messages.remove(channel, ts);
      return { channel, ts };
    },
  },
  'chat.getPermalink': { scopes: [], run: getPermalink },
};
