/**
 * What a message says, judged before it is kept: the same rules for chat.*, for answers to slash commands and for
 * response_urls. Throws SlackError; stricter than Slack, which takes blocks without text and warns.
 */
import { LIMITS } from '../../lambdas/slack/views/limits.ts';
import { optional, structured } from './arguments.ts';
import { withBlockIds } from './block-ids.ts';
import { problemsOfBlocks, tooLong } from './block-kit/blocks.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Message } from './messages.ts';
import { badArguments, SlackError } from './slack-error.ts';

export type Content = { readonly text: string; readonly blocks: JsonObject[] | undefined };

export function contentOf(args: JsonObject): Content {
  if (args['attachments'] !== undefined && args['attachments'] !== '[]')
    throw badArguments('invalid_arguments', ['attachments are legacy: use blocks']);
  const blocks = structured(args, 'blocks', 'invalid_blocks_format');
  if (blocks !== undefined && !Array.isArray(blocks)) throw new SlackError('invalid_blocks_format');
  const hasBlocks = blocks !== undefined && blocks.length > 0;
  const text = optional(args, 'text') ?? '';
  if (text === '') throw new SlackError(hasBlocks ? 'missing_text_in_message' : 'no_text');
  if (text.length > LIMITS.message.text) throw new SlackError('msg_too_long');
  if (hasBlocks) judge(blocks);
  return { text, blocks: blocks === undefined ? undefined : withBlockIds(blocks) };
}

function judge(blocks: unknown[]): void {
  const problems = problemsOfBlocks(blocks, 'message', '/blocks');
  const said = problems.map((one) => `${one.message} [json-pointer:${one.pointer}]`);
  if (said.length > 0) {
    const { detail } = badArguments('invalid_blocks', said);
    throw new SlackError('invalid_blocks', { errors: said, ...detail });
  }
  if (tooLong(blocks)) throw new SlackError('msg_blocks_too_long');
}

type Metadata = NonNullable<Message['metadata']>;

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const isFlat = (value: unknown) => isObject(value) && Object.values(value).every(isPlain);
const isPayloadValue = (value: unknown) =>
  isPlain(value) ||
  isFlat(value) ||
  (Array.isArray(value) && value.every((v) => isPlain(v) || isFlat(v)));

/** `undefined` when absent, `null` for `{}`, which takes the metadata away. */
export function metadataOf(args: JsonObject): Metadata | null | undefined {
  const given = structured(args, 'metadata', 'invalid_metadata_format');
  if (given === undefined) return undefined;
  if (!isObject(given)) throw new SlackError('invalid_metadata_format');
  if (Object.keys(given).length === 0) return null;
  const { event_type: type, event_payload: payload } = given;
  if (typeof type !== 'string' || !/^[A-Za-z0-9_.-]{1,255}$/.test(type) || !isObject(payload))
    throw new SlackError('invalid_metadata_schema');
  if (!Object.values(payload).every(isPayloadValue))
    throw new SlackError('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(given)) > LIMITS.message.metadataBytes)
    throw new SlackError('metadata_too_large');
  return { event_type: type, event_payload: payload };
}
