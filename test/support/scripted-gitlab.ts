/**
 * A GitLab that behaves, except where a test scripts one kind of call otherwise. Ana (id 101) is a direct developer of
 * acme/shop (id 7) until 2027-01-31. Says which calls it saw, and every header that came with them.
 */
import { gitlabProvider } from '../../shared/providers/gitlab/gitlab-provider.ts';
import { type Handler, rawHttpServer } from './raw-http-server.ts';
import { json, raw } from './scripted-github.ts';

export const shop = { provider: 'gitlab', kind: 'project', resource: 'acme/shop' };
export const ana = { accountId: '101', login: 'ana' };
export const clock = new Date('2026-11-22T10:00:00Z');
export const TOKEN = 'glpat-canary-0123456789';

export type CallKind = 'user' | 'users' | 'place' | 'direct' | 'effective' | 'list' | 'change';

export const developer = {
  id: 101,
  username: 'ana',
  access_level: 30,
  expires_at: '2027-01-31',
};
const decent: Record<CallKind, Handler> = {
  user: json(200, { id: 101, username: 'ana', state: 'active', bot: false }),
  users: json(200, [{ id: 101, username: 'ana', state: 'active' }]),
  place: json(200, { id: 7, path_with_namespace: 'acme/shop' }),
  direct: json(200, developer),
  effective: json(200, developer),
  list: json(200, [developer]),
  change: (request, response) => {
    const answer =
      request.method === 'DELETE'
        ? raw(204, '')
        : json(request.method === 'POST' ? 201 : 200, {
            ...developer,
            access_level: 40,
            expires_at: '2026-11-23',
          });
    answer(request, response);
  },
};

function kindOf(method: string, url: string): CallKind {
  const path = url.replace(/\?.*/, '');
  if (/\/users\/\d+$/.test(path)) return 'user';
  if (path.endsWith('/users')) return 'users';
  if (method !== 'GET') return 'change';
  if (/\/members\/all\/\d+$/.test(path)) return 'effective';
  if (/\/members\/\d+$/.test(path)) return 'direct';
  return /\/members(?:\/all)?$/.test(path) ? 'list' : 'place';
}

export async function scriptedGitlab(options: { timeoutMs?: number } = {}) {
  let script: Partial<Record<CallKind, Handler>> = {};
  const calls: string[] = [];
  const waits: number[] = [];
  const credentials = new Set<string>();
  const server = await rawHttpServer((request, response) => {
    const kind = kindOf(request.method ?? '', request.url ?? '');
    calls.push(`${request.method} ${kind}`);
    credentials.add(String(request.headers['private-token']));
    request.resume();
    (script[kind] ?? decent[kind])(request, response);
  });
  const connect = (baseUrl: string) =>
    gitlabProvider({
      baseUrl,
      token: TOKEN,
      timeoutMs: options.timeoutMs ?? 5000,
      now: () => clock,
      wait: async (ms) => {
        waits.push(ms);
      },
    });
  return {
    ...server,
    calls,
    waits,
    credentials,
    connect,
    /** A fresh provider against this script. */
    scripted(next: Partial<Record<CallKind, Handler>>) {
      script = next;
      calls.length = 0;
      waits.length = 0;
      return connect(server.baseUrl);
    },
  };
}
