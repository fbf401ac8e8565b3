/** files.*UploadExternal: announce a file, upload its bytes to the address given, share it in a channel. */
import { optional, required, structured } from '../arguments.ts';
import { isObject, type JsonObject, stringIn } from '../json.ts';
import { badArguments, SlackError } from '../slack-error.ts';
import type { Call, Method } from '../world.ts';
import { writable } from './chat.ts';

const scopes = ['files:write'];

function getUploadUrl({ world, args, apiUrl }: Call): JsonObject {
  const length = Number(required(args, 'length'));
  if (!Number.isInteger(length) || length < 1)
    throw badArguments('invalid_arguments', ['length must be a positive integer']);
  const file = world.files.announce(required(args, 'filename'), length);
  return { upload_url: `${apiUrl}/_upload/${file.id}`, file_id: file.id };
}

function complete({ world, args }: Call): JsonObject {
  const given = structured(args, 'files', 'invalid_arguments');
  const list = Array.isArray(given) ? given.filter(isObject) : [];
  if (list.length === 0) throw badArguments('invalid_arguments', ['files must not be empty']);
  const files = list.map((one) => {
    const file = world.files.find(stringIn(one, 'id') ?? '');
    if (file === undefined) throw new SlackError('file_not_found');
    if (file.content === null) throw new SlackError('file_upload_failed');
    return {
      id: file.id,
      name: file.name,
      title: stringIn(one, 'title') ?? file.name,
      size: file.length,
    };
  });
  const target = optional(args, 'channel_id');
  if (target !== undefined) {
    const thread = optional(args, 'thread_ts');
    world.messages.post({
      channel: writable(world, target).id,
      user: world.botUserId,
      bot_id: world.botId,
      text: optional(args, 'initial_comment') ?? '',
      blocks: [],
      files,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    });
  }
  return { files };
}

export const files: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': { scopes, run: getUploadUrl },
  'files.completeUploadExternal': { scopes, run: complete },
};
