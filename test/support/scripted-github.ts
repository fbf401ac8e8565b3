/**
 * A GitHub that behaves, except where a test scripts one kind of call otherwise. Ana (id 101) is in acme and in no
 * team; acme/deployers exists. Says which calls it saw, and what credentials came with them.
 */
import { generateKeyPairSync } from 'node:crypto';
import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import type { Handler } from './raw-http-server.ts';
import { rawHttpServer } from './raw-http-server.ts';

export const deployers = { provider: 'github', kind: 'team', resource: 'acme/deployers' };
export const ana = { accountId: '101', login: 'ana-dev' };
export const clock = new Date('2026-11-22T10:00:00Z');
export const mintedToken = 'ghs_414243_opaque.token-of.any|length~and=format';

export type CallKind = 'mint' | 'user' | 'membership' | 'organization' | 'team' | 'members';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Handler => raw(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

export const raw =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

const decent: Record<CallKind, Handler> = {
  mint: json(201, { token: mintedToken, expires_at: '2026-11-22T11:00:00Z' }),
  user: json(200, { id: 101, login: 'ana-dev', type: 'User' }),
  membership: (request, response) => {
    const put = request.method === 'PUT';
    const handler = put
      ? json(200, { role: 'member', state: 'active' })
      : request.method === 'DELETE'
        ? raw(204, '')
        : json(404, { message: 'Not Found' });
    handler(request, response);
  },
  organization: json(200, { state: 'active', role: 'member' }),
  team: json(200, { id: 7, slug: 'deployers' }),
  members: json(200, []),
};

function kindOf(path: string): CallKind {
  if (path.startsWith('/app/')) return 'mint';
  if (path.startsWith('/user')) return 'user';
  if (/^\/orgs\/[^/]+\/memberships\//.test(path)) return 'organization';
  if (path.includes('/memberships/')) return 'membership';
  return path.includes('/members') ? 'members' : 'team';
}

export async function scriptedGithub(options: { timeoutMs?: number } = {}) {
  let script: Partial<Record<CallKind, Handler>> = {};
  const calls: string[] = [];
  const credentials = new Set<string>();
  const server = await rawHttpServer((request, response) => {
    const kind = kindOf(request.url ?? '');
    calls.push(`${request.method} ${kind}`);
    credentials.add((request.headers.authorization ?? '').split(' ')[1] ?? '');
    request.resume();
    (script[kind] ?? decent[kind])(request, response);
  });
  const auth = { appId: '414243', installationId: 5150, privateKey };
  const connect = (baseUrl: string) =>
    githubProvider({ baseUrl, auth, timeoutMs: options.timeoutMs ?? 5000, now: () => clock });
  return {
    ...server,
    calls,
    credentials,
    auth,
    connect,
    /** A fresh provider, without a token yet, against this script. */
    scripted(next: Partial<Record<CallKind, Handler>>) {
      script = next;
      calls.length = 0;
      return connect(server.baseUrl);
    },
  };
}
