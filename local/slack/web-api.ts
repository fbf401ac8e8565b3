/**
 * Slack's Web API as a hono app: `POST /<method>`, JSON or form, bearer token. Refusals are HTTP 200 with `ok: false`,
 * as Slack's are; scopes are the manifest's. Every refusal is also told to `onRefusal`, so that nothing goes unseen.
 */
import { Hono } from 'hono';
import { argumentsOf } from './arguments.ts';
import type { JsonObject } from './json.ts';
import { chat } from './methods/chat.ts';
import { conversations } from './methods/conversations.ts';
import { files } from './methods/files.ts';
import { people } from './methods/people.ts';
import { views } from './methods/views.ts';
import { SlackError } from './slack-error.ts';
import { type Call, type Method, requireScope, type World } from './world.ts';

const METHODS: Readonly<Record<string, Method>> = {
  'api.test': { scopes: [], run: ({ args }) => ({ args }) },
  'auth.test': {
    scopes: [],
    run: ({ world }) => ({
      url: `https://${world.teamDomain}.slack.com/`,
      team: world.teamDomain,
      user: 'hallpass',
      team_id: world.teamId,
      user_id: world.botUserId,
      bot_id: world.botId,
      is_enterprise_install: false,
    }),
  },
  ...chat,
  ...conversations,
  ...people,
  ...views,
  ...files,
};

export type WebApiOptions = {
  readonly world: World;
  readonly botToken: string;
  onRefusal(method: string, error: SlackError): void;
};

/** api.test needs no token, everything else does; a token in the body counts, as in Slack. */
function authenticate(call: Call, method: string, header: string | undefined, token: string): void {
  const bearer = /^Bearer (.+)$/.exec(header ?? '')?.[1];
  const given = bearer ?? call.args['token'];
  if (method === 'api.test' && given === undefined) return;
  if (given === undefined) throw new SlackError('not_authed');
  if (given !== token) throw new SlackError('invalid_auth');
}

function run(options: WebApiOptions, method: string, call: Call, header?: string): JsonObject {
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (known === undefined) throw new SlackError('unknown_method', { req_method: method });
  authenticate(call, method, header, options.botToken);
  for (const scope of known.scopes) requireScope(options.world, scope);
  return known.run(call);
}

export function webApi(options: WebApiOptions): Hono {
  const { world } = options;
  const app = new Hono();

  app.post('/_upload/:id', async (c) => {
    const form = c.req.header('content-type')?.startsWith('multipart/') ?? false;
    const part = form
      ? Object.values(await c.req.parseBody()).find((one) => one instanceof File)
      : null;
    const bytes = part instanceof File ? await part.arrayBuffer() : await c.req.arrayBuffer();
    const taken = world.files.upload(c.req.param('id'), new Uint8Array(bytes));
    return taken ? c.text('OK') : c.text('The file was not announced with this length.', 400);
  });

  app.post('/:method', async (c) => {
    const method = c.req.param('method');
    const apiUrl = c.req.url.slice(0, c.req.url.lastIndexOf('/'));
    c.header('x-oauth-scopes', [...world.scopes].join(','));
    try {
      const args = argumentsOf(c.req.header('content-type') ?? '', await c.req.text());
      const answer = run(options, method, { world, args, apiUrl }, c.req.header('authorization'));
      return c.json({ ok: true, ...answer });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      options.onRefusal(method, error);
      return c.json({ ok: false, error: error.code, ...error.detail });
    }
  });

  return app;
}
