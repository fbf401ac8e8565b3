/**
 * Posts and edits through Slack's Web API. Every post names its request in the metadata; nothing unfurls, no name becomes a
 * link. Retries nothing: the queue does.
 */
import * as z from 'zod';
import { type Announcer, Fault } from '../ports.ts';
import { type SlackAccess, slackApi } from './slack-client.ts';

const Posted = z.object({ channel: z.string().min(1), ts: z.string().min(1) });
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
    // A user id reaches the direct-message channel with `chat:write` alone; conversations.open would need another scope.
    // The answer carries the channel's own id.
    post: ({ channel, threadTs, broadcast }, { text, blocks }, about) =>
      call(Posted, 'chat.postMessage', {
        channel,
        text,
        blocks,
        ...QUIET,
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
        ...(broadcast ? { reply_broadcast: true } : {}),
        metadata: {
          event_type: 'hallpass_request',
          event_payload: { request_id: about.requestId, version: about.version },
        },
      }),
    async update({ channel, ts }, { text, blocks }) {
      await call(z.object({}), 'chat.update', { channel, ts, text, blocks, link_names: false });
    },
  };
}
