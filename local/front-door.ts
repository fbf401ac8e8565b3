/**
 * The local port: each request becomes an API Gateway v2 event for the exported handler, exactly as in production.
 * Around it, only while every part is on loopback: the Slack stand-in's API and the local controls.
 */
import { Hono } from 'hono';
import { toGatewayEvent, toResponse } from './api-gateway.ts';
import { aroundApi } from './around/around-api.ts';
import type { Embedded } from './embedded.ts';
import { faultMiddleware } from './faults.ts';
import type { Functions } from './functions.ts';
import { hereOnly } from './here-only.ts';
import { type LocalApiParts, localApi } from './local-api.ts';
import type { PageFiles } from './page/build.ts';
import { pageServer } from './page-server.ts';
import { providerStates } from './provider-states.ts';
import type { Settings } from './settings.ts';
import type { Xray } from './xray/open-xray.ts';

export type FrontDoorParts = LocalApiParts & {
  functions: Functions;
  embedded: Embedded;
  settings: Settings;
  /** False once Slack or a provider is a real service: then nothing of the embedded world is reachable. */
  allLoopback: boolean;
  healthy: () => Promise<boolean>;
  /** The page, where somebody will look at it. */
  page: (() => Promise<PageFiles>) | null;
  /** What the page shows of the inside; null where nobody looks (tests, demo). */
  xray: Xray | null;
};

export function frontDoor(parts: FrontDoorParts): Hono {
  const { embedded, functions } = parts;
  const app = new Hono();
  const xray = parts.allLoopback ? parts.xray : null;
  if (xray) app.use('/slack/events', xray.traffic.watch('slack-in'));
  app.all('/slack/events', async ({ req }) => {
    const { bytes, ...event } = await toGatewayEvent(req.raw);
    const raw = bytes.toString('utf8');
    // Slack knows what it sent: trigger ids and response URLs of a signed request are good from now on.
    embedded.slack.observeDelivery(event.headers, raw);
    const answer = await functions.slack(event);
    const { statusCode, headers = {}, body } = answer;
    embedded.slack.observeAnswer(raw, { statusCode, headers, body });
    return toResponse(answer);
  });
  app.all('/enroll/:token', async ({ req }) => {
    const { bytes: _, ...event } = await toGatewayEvent(req.raw);
    return toResponse(await functions.enroll(event));
  });
  app.get('/healthz', async (context) =>
    (await parts.healthy()) ? context.text('ok') : context.text('not every part is up', 503),
  );
  if (!parts.allLoopback) return app;
  if (xray) {
    for (const path of ['/_slack/api/*', '/_slack/response/*'])
      app.use(path, xray.traffic.watch('slack-out'));
    for (const provider of Object.keys(providerStates(embedded)))
      app.use(`/_${provider}/*`, xray.traffic.watch('provider'));
  }
  app.use('/_slack/api/*', faultMiddleware(embedded.faults, 'slack', classifySlackCall));
  app.route('/_slack/api', embedded.slack.app);
  app.route('/_slack/response', embedded.slack.responseUrl);
  app.route('/_slack/page', embedded.slack.page);
  app.get('/_slack/state', (context) => context.json(embedded.slack.state()));
  app.route('/_github', embedded.github.app);
  app.route('/_gitlab', embedded.gitlab.app);
  app.use('/_local/*', hereOnly);
  app.route('/_local', localApi(parts));
  app.route('/_local/around', aroundApi(parts));
  if (xray) app.route('/_local/xray', xray.app);
  if (parts.page) app.route('/', pageServer(parts.page));
  return app;
}

const classifySlackCall = (_method: string, path: string): 'read' | '*' =>
  /\/(auth|users|usergroups|conversations)\./.test(path) ? 'read' : '*';
