/** The GitLab stand-in behind a real socket, mounted under a prefix as in local mode, with every request on record. */
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { openGitlabStandIn } from '../../local/gitlab/gitlab-stand-in.ts';
import type { GitlabSeed } from '../../local/gitlab/model.ts';
import { gitlabProvider } from '../../shared/providers/gitlab/gitlab-provider.ts';

export type Recorded = { method: string; path: string; body: string };

export const project = (path: string) => ({ provider: 'gitlab', kind: 'project', resource: path });
export const group = (path: string) => ({ provider: 'gitlab', kind: 'group', resource: path });

export async function serveGitlabStandIn(
  options: { dataDir?: string; seed?: GitlabSeed; before?: MiddlewareHandler } = {},
) {
  const clock = { now: new Date('2026-11-22T10:00:00Z') };
  const now = () => clock.now;
  const requests: Recorded[] = [];
  const standIn = openGitlabStandIn({
    dataDir: options.dataDir ?? null,
    now,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    before: async (context, next) => {
      const { method } = context.req;
      const body = method === 'GET' ? '' : await context.req.text();
      const { pathname, search } = new URL(context.req.url);
      requests.push({ method, path: pathname.replace('/_gitlab/api/v4', '') + search, body });
      return options.before === undefined ? next() : options.before(context, next);
    },
  });
  const root = new Hono().route('/_gitlab', standIn.app);
  const server = serve({ fetch: root.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
  const baseUrl = `http://127.0.0.1:${address.port}/_gitlab`;
  return {
    standIn,
    clock,
    requests,
    baseUrl,
    provider: (timeoutMs = 5000) =>
      gitlabProvider({ baseUrl, token: standIn.token, timeoutMs, now, wait: async () => {} }),
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
      standIn.close();
    },
  };
}
