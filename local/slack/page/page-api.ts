/**
 * The page's door to the stand-in: `GET /state` (with an ETag: most polls answer 304 and nothing) and `POST /act`. For this
 * machine's own browser only: another site's page can neither send JSON here without being asked for permission first,
 * nor reach it under a name of its own (DNS rebinding). Never mounted beside a real Slack or provider.
 */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { MiddlewareHandler } from 'hono/types';
import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { InstalledManifest } from '../world.ts';
import { Act, type Outcome } from './contract.ts';
import { type Performance, perform } from './perform.ts';
import { snapshot } from './snapshot.ts';

const LARGEST_BYTES = 512 * 1024;
const OWN_NAMES = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?$/;

export type PageApiOptions = Performance & { readonly manifest: InstalledManifest };

export function pageApi(options: PageApiOptions): Hono {
  const { world, manifest } = options;
  const app = new Hono();
  app.use(fromHereOnly);
  app.get('/state', (context) => {
    const body = JSON.stringify(snapshot(world, manifest));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    context.header('etag', etag);
    context.header('cache-control', 'no-cache');
    if (context.req.header('if-none-match') === etag) return context.body(null, 304);
    return context.body(body, 200, { 'content-type': 'application/json' });
  });
  app.post('/act', bodyLimit({ maxSize: LARGEST_BYTES, onError: tooLarge }), async (context) => {
    if (!context.req.header('content-type')?.startsWith('application/json'))
      return context.json(bad('Send JSON with the content type application/json.'), 415);
    const act = Act.safeParse(parseJson(await context.req.text()));
    if (!act.success) return context.json(bad(z.prettifyError(act.error)), 400);
    const person = world.directory.person(act.data.user);
    if (person === undefined || person.deleted || person.isBot)
      return context.json(bad(`Nobody called ${act.data.user} can act here.`), 400);
    return context.json(await perform(options, act.data));
  });
  return app;
}

const bad = (message: string): Outcome => ({
  ok: false,
  error: 'bad_request',
  message,
  errors: {},
});

const tooLarge = () =>
  Response.json(bad(`More than ${LARGEST_BYTES} bytes: no form is that large.`), { status: 413 });

const fromHereOnly: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? new URL(context.req.url).host;
  const origin = context.req.header('origin');
  if (!OWN_NAMES.test(host) || (origin !== undefined && origin !== `http://${host}`))
    return context.json(bad('Only the page that this address serves may ask.'), 403);
  await next();
};
