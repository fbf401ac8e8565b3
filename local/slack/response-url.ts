/**
 * `POST /<id>`: the address that Slack gives with a command or click. Serves five times within 30 minutes; answers to
 * the person privately unless told `in_channel`, replaces or deletes the message whose button was pressed when asked.
 */
import { Hono } from 'hono';
import { argumentsOf, flag, optional } from './arguments.ts';
import type { JsonObject } from './json.ts';
import { contentOf } from './message-content.ts';
import { say } from './show-answer.ts';
import { SlackError } from './slack-error.ts';
import type { ResponseUrl } from './triggers.ts';
import type { World } from './world.ts';

export function responseUrlApp(
  world: World,
  onRefusal: (where: string, error: SlackError) => void,
): Hono {
  const app = new Hono();
  app.post('/:id', async (c) => {
    try {
      const args = argumentsOf('application/json', await c.req.text());
      respond(world, world.tickets.spendResponseUrl(c.req.param('id')), args);
      return c.json({ ok: true });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      onRefusal('response_url', error);
      return c.json({ ok: false, error: error.code, ...error.detail }, 404);
    }
  });
  return app;
}

function respond(world: World, url: ResponseUrl, args: JsonObject): void {
  const { messages } = world;
  const original = url.messageTs === undefined ? undefined : messages.findByTs(url.messageTs);
  const message = original && messages.find(original.channel, original.ts);
  if (flag(args, 'delete_original')) {
    if (message) messages.remove(message.channel, message.ts);
    else if (original) messages.changeEphemeral(original.ts, null);
    return;
  }
  const { text, blocks } = contentOf(args);
  const shown = { text, blocks: blocks ?? [] };
  if (flag(args, 'replace_original') && message) {
    const edited = { user: world.botUserId, ts: messages.nextTs() };
    messages.replace({ ...message, ...shown, edited });
  } else if (flag(args, 'replace_original') && original) {
    messages.changeEphemeral(original.ts, shown);
  } else {
    const thread = optional(args, 'thread_ts');
    const place = { channel: url.channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
    if (args['response_type'] === 'in_channel') say(world, { ...place, ...shown });
    else messages.showEphemeral({ ...place, user: url.user, ...shown });
  }
}
