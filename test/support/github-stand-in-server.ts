/** The GitHub stand-in behind a real socket, mounted under a prefix as in local mode, with every request on record. */
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { openGithubStandIn } from '../../local/github/github-stand-in.ts';
import type { GithubSeed } from '../../local/github/model.ts';
import { githubProvider } from '../../shared/providers/github/github-provider.ts';

export type Recorded = { method: string; path: string; body: string; authorization: string };

export async function serveGithubStandIn(
  options: { dataDir?: string; seed?: GithubSeed; before?: MiddlewareHandler } = {},
) {
  const clock = { now: new Date('2026-11-22T10:00:00Z') };
  const now = () => clock.now;
  const requests: Recorded[] = [];
  const standIn = openGithubStandIn({
    dataDir: options.dataDir ?? null,
    now,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    before: async (context, next) => {
      const body = context.req.method === 'GET' ? '' : await context.req.text();
      const authorization = context.req.header('authorization') ?? '';
      const { method, path } = context.req;
      requests.push({ method, path: path.replace('/_github', ''), body, authorization });
      return options.before === undefined ? next() : options.before(context, next);
    },
  });
  const root = new Hono().route('/_github', standIn.app);
  const server = serve({ fetch: root.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
  const baseUrl = `http://127.0.0.1:${address.port}/_github`;
  return {
    standIn,
    clock,
    requests,
    baseUrl,
    provider: (timeoutMs = 5000) =>
      githubProvider({ baseUrl, auth: standIn.credentials, timeoutMs, now }),
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
      standIn.close();
    },
  };
}
