/**
 * The last exchanges with Slack and the providers, for the X-ray pane: in memory only, secrets taken out before anything
 * is kept. Listens beside the traffic and never changes, delays or fails it.
 */
import type { MiddlewareHandler } from 'hono';
import { redactBody, redactHeaders } from './redact.ts';
import type { Exchange } from './shapes.ts';

const KEPT = 150;
const MOST_BYTES = 200_000;
const REQUEST_ID = /AR-[0-9A-HJKMNP-TV-Z]{6}/g;

export type Lane = Exchange['lane'];
export type TrafficLog = {
  /** Mounted before the server whose traffic it sees. */
  watch(lane: Lane): MiddlewareHandler;
  /** Newest first. */
  list(): Exchange[];
};

export function openTraffic(now: () => Date): TrafficLog {
  const kept: Exchange[] = [];
  let count = 0;

  return {
    list: () => [...kept].reverse(),
    watch: (lane) => async (context, next) => {
      const { method, path } = context.req;
      const body = await bodyOf(context.req.raw.clone());
      const started = performance.now();
      count += 1;
      const exchange: Exchange = {
        ...{ n: count, at: now().toISOString(), lane, method, path },
        title: titleOf(lane, path, body),
        requestHeaders: redactHeaders(context.req.raw.headers.entries()),
        requestBody: redactBody(body),
        ...{ status: null, ms: null, responseBody: '' },
        about: idsIn(body),
      };
      kept.push(exchange);
      if (kept.length > KEPT) kept.shift();
      await next();
      exchange.status = context.res.status;
      exchange.ms = Math.round(performance.now() - started);
      const answer = await bodyOf(context.res.clone());
      exchange.responseBody = redactBody(answer);
      exchange.about = [...new Set([...exchange.about, ...idsIn(answer)])];
    },
  };
}

async function bodyOf(message: Request | Response): Promise<string> {
  const text = await message.text();
  return text.length > MOST_BYTES ? text.slice(0, MOST_BYTES) : text;
}

const idsIn = (text: string): string[] => [...new Set(text.match(REQUEST_ID) ?? [])];

/** What one calls such an exchange: the command, the kind of interaction, the method. */
function titleOf(lane: Lane, path: string, body: string): string {
  if (lane === 'slack-out') return path.replace(/^\/_slack\/(api\/)?/, '').replace(/\/.*$/, '');
  if (lane === 'provider') return path.replace(/^\/_/, '');
  const fields = new URLSearchParams(body);
  const command = fields.get('command');
  if (command !== null) return `${command} ${fields.get('text') ?? ''}`.trim();
  const text = fields.get('payload') ?? body;
  const kind = /"type":"([a-z_]+)"/.exec(text)?.[1] ?? 'delivery';
  const action = /"action_id":"([^"]+)"/.exec(text)?.[1];
  const callback = /"callback_id":"([^"]+)"/.exec(text)?.[1];
  const what = kind === 'block_actions' ? action : callback;
  return what === undefined ? kind : `${kind}: ${what}`;
}
