/**
 * Posts and edits through Slack's Web API. Every post names its request in the metadata, and carries an id made of request and
 * slot, so that the same post again is answered with the first one (docs/decisions/0010); nothing unfurls, no name becomes
 * a link. Retries nothing: the queue does.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Announcer, Fault, type PostAbout, type SlackMessage } from '../ports.ts';
import { type SlackAccess, slackApi } from './slack-client.ts';

const Posted = z.object({ channel: z.string().min(1), ts: z.string().min(1) });
const Published = z.object({ view: z.object({ hash: z.string().min(1) }) });
const Info = z.object({ channel: z.object({ is_ext_shared: z.boolean() }) });
const QUIET = { unfurl_links: false, unfurl_media: false, link_names: false } as const;

/** Posting may take longer than a person would wait: nobody does. */
const TIMEOUT_MS = 8000;

export function slackAnnouncer(slack: SlackAccess): Announcer {
  const api = slackApi({ timeoutMs: TIMEOUT_MS, ...slack });
  const call = async <T>(
    schema: z.ZodType<T>,
    method: string,
    args: Record<string, unknown>,
  ): Promise<T> => {
    const answer = schema.safeParse(await api(method, args));
    if (answer.success) return answer.data;
    throw new Fault(`Slack ${method} answered in a shape nobody promised. Try again.`, {
      service: 'slack',
      retryable: true,
    });
  };
  return {
    post: async (place, message, about) => {
      const args = postArguments(place, message, about);
      const name = nameOf(about);
      const id = name === null ? {} : { client_msg_id: postId(name) };
      try {
        return await call(Posted, 'chat.postMessage', { ...args, ...id });
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'duplicate_message_not_found') throw error;
        // Slack had this post once and somebody deleted it: it is made anew.
        return call(Posted, 'chat.postMessage', args);
      }
    },
    async update({ channel, ts }, { text, blocks }) {
      await call(z.object({}), 'chat.update', { channel, ts, text, blocks, link_names: false });
    },
    async publishHome(person, { blocks }, over) {
      const view = { type: 'home', blocks };
      const hash = over === null ? {} : { hash: over };
      try {
        const published = await call(Published, 'views.publish', {
          user_id: person,
          view,
          ...hash,
        });
        return { hash: published.view.hash };
      } catch (error) {
        if (error instanceof Fault && error.code === 'hash_conflict') return 'conflict';
        throw error;
      }
    },
    async isShared(channel) {
      try {
        return (await call(Info, 'conversations.info', { channel })).channel.is_ext_shared;
      } catch (error) {
        // The scope is optional; a channel that we cannot see is told when we post to it.
        if (!(error instanceof Fault)) throw error;
        if (error.code === 'missing_scope' || !error.retryable) return null;
        throw error;
      }
    },
  };
}

// A user id reaches the direct-message channel with `chat:write` alone; conversations.open would need another scope.
// The answer carries the channel's own id.
const postArguments = (
  { channel, threadTs, broadcast }: Parameters<Announcer['post']>[0],
  { text, blocks }: SlackMessage,
  about: PostAbout,
): Record<string, unknown> => ({
  channel,
  text,
  blocks,
  ...QUIET,
  ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  ...(broadcast ? { reply_broadcast: true } : {}),
  metadata: metadataOf(about),
});

function metadataOf(about: PostAbout) {
  if ('digestId' in about)
    return { event_type: 'hallpass_digest', event_payload: { digest_id: about.digestId } };
  if ('noticesOf' in about)
    return { event_type: 'hallpass_notice', event_payload: { about: about.noticesOf } };
  const { requestId, version, slot } = about;
  const named = slot === undefined ? {} : { slot };
  return {
    event_type: 'hallpass_request',
    event_payload: { request_id: requestId, version, ...named },
  };
}

/** What makes a post the same post again; null for those that have no name. */
function nameOf(about: PostAbout): string | null {
  if ('digestId' in about) return `${about.digestId}/digest`;
  if ('noticesOf' in about) return `${about.noticesOf}/${about.slot}`;
  return about.slot === undefined ? null : `${about.requestId}/${about.slot}`;
}

/** A UUID (version 8: our own hash) that the same name always has. */
function postId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
