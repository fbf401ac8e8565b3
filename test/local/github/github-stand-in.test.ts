/** The stand-in itself: who may call it, what survives a restart, how faults hit it. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { faultMiddleware, openFaults } from '../../../local/faults.ts';
import { githubStandInCredentials } from '../../../local/github/credentials.ts';
import { classifyGithubCall, openGithubStandIn } from '../../../local/github/github-stand-in.ts';
import { faultOf } from '../../contracts/access-provider.contract.ts';
import { serveGithubStandIn } from '../../support/github-stand-in-server.ts';

const now = () => new Date('2026-11-22T10:00:00Z');
const deployers = { provider: 'github', kind: 'team', resource: 'acme/deployers' };
const membership = '/orgs/acme/teams/deployers/memberships/ana-dev';
const seconds = () => Math.floor(Date.now() / 1000);

function jwt(claims: object, options: { key?: string; alg?: string } = {}) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: options.alg ?? 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const key = options.key ?? githubStandInCredentials(null).privateKey;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

describe('who may call', () => {
  const standIn = openGithubStandIn({ dataDir: null, now });
  const { appId, installationId } = standIn.credentials;
  const good = { iss: appId, iat: seconds() - 60, exp: seconds() + 540 };
  const mint = (bearer: string, body: object = {}, id = installationId) =>
    standIn.app.request(`/app/installations/${id}/access_tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}` },
      body: JSON.stringify(body),
    });
  const Minted = z.object({ token: z.string(), expires_at: z.string() });
  const tokenFor = async (permissions: object) =>
    Minted.parse(await (await mint(jwt(good), { permissions })).json()).token;
  const call = (method: string, token: string | null) =>
    standIn.app.request(membership, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });

  test('a JWT of the App gets a token for an hour', async () => {
    const answer = await mint(jwt(good));
    expect(answer.status).toBe(201);
    expect(Minted.parse(await answer.json()).expires_at).toBe('2026-11-22T11:00:00Z');
  });

  test.each([
    ['expired', { ...good, exp: seconds() - 1 }],
    ['longer than ten minutes', { ...good, exp: seconds() + 700 }],
    ['from the future', { ...good, iat: seconds() + 300 }],
    ['of another App', { ...good, iss: '1' }],
    ['without an issuer', { iat: good.iat, exp: good.exp }],
    ['with a text as expiry', { ...good, exp: 'later' }],
  ])('a JWT that is %s is refused', async (_name, claims) => {
    expect((await mint(jwt(claims))).status).toBe(401);
  });

  test('a JWT signed by another key, unsigned, or altered is refused', async () => {
    const { privateKey } = otherKey();
    const [head, , signature] = jwt(good).split('.');
    const altered = Buffer.from(JSON.stringify({ ...good, extra: 1 })).toString('base64url');
    const forged = [
      jwt(good, { key: privateKey }),
      jwt(good, { alg: 'none' }),
      `${head}.${altered}.${signature}`,
      'junk',
      '',
    ];
    for (const bearer of forged) expect((await mint(bearer)).status).toBe(401);
  });

  test('another installation does not exist, and more than was granted is not given', async () => {
    expect((await mint(jwt(good), {}, 1)).status).toBe(404);
    expect((await mint(jwt(good), { permissions: { administration: 'read' } })).status).toBe(422);
    expect((await mint(jwt(good), { permissions: { members: 'admin' } })).status).toBe(422);
    expect((await mint(jwt(good), { permissions: { members: 'sudo' } })).status).toBe(422);
  });

  test('a token narrowed to reading reads and changes nothing', async () => {
    const token = await tokenFor({ members: 'read' });
    expect((await call('GET', token)).status).toBe(404);
    for (const method of ['PUT', 'DELETE']) {
      const answer = await call(method, token);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('x-accepted-github-permissions')).toBe('members=write');
      expect(await answer.json()).toMatchObject({
        message: 'Resource not accessible by integration',
        documentation_url: expect.stringContaining('docs.github.com'),
      });
    }
    expect(standIn.mutations()).toEqual([]);
  });

  test('a token without members, a made-up token and none at all are told apart', async () => {
    expect((await call('GET', await tokenFor({ metadata: 'read' }))).status).toBe(403);
    expect((await call('GET', 'ghs_madeup')).status).toBe(401);
    expect((await call('GET', null)).status).toBe(401);
  });

  test('an unknown path, an unknown user and a bad role get GitHub-shaped refusals', async () => {
    const token = await tokenFor({ members: 'write' });
    const headers = { authorization: `token ${token}` };
    const put = (path: string, body: string) =>
      standIn.app.request(path, { method: 'PUT', headers, body });
    expect((await standIn.app.request('/graphql', { headers })).status).toBe(404);
    expect((await put(membership.replace('ana-dev', 'nobody'), '{}')).status).toBe(404);
    expect((await put(membership.replace('ana-dev', 'acme'), '{}')).status).toBe(422);
    expect((await put(membership, '{"role":"owner"}')).status).toBe(422);
    expect((await put(membership, 'not json')).status).toBe(400);
    const headersOf = (await standIn.app.request('/users/ana-dev')).headers;
    expect(Number(headersOf.get('x-ratelimit-remaining'))).toBeGreaterThan(0);
  });
});

test("members, mutations and the key survive a restart, and the key is its owner's alone", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'github-stand-in-'));
  const first = await serveGithubStandIn({ dataDir });
  const ana = await first.provider().resolveAccount('ana-dev');
  await first.provider().setRole(deployers, ana, 'maintainer', null);
  await first.close();

  const second = await serveGithubStandIn({ dataDir });
  expect(second.standIn.state()['acme/deployers']).toEqual([
    { account: 'ana-dev', role: 'maintainer' },
    { account: 'perm-pat', role: 'maintainer' },
  ]);
  expect(second.standIn.mutations()).toMatchObject([
    { method: 'PUT', team: 'acme/deployers', account: 'ana-dev', role: 'maintainer' },
  ]);
  expect(second.standIn.credentials).toEqual(first.standIn.credentials);
  expect(statSync(join(dataDir, 'github', 'app-private-key.pem')).mode & 0o777).toBe(0o600);
  await second.provider().remove(deployers, ana);
  await second.close();
  rmSync(dataDir, { recursive: true });
});

describe('faults', () => {
  const faults = openFaults({ hangMs: 1500 });
  const before = faultMiddleware(faults, 'github', classifyGithubCall);
  let github: Awaited<ReturnType<typeof serveGithubStandIn>>;
  beforeEach(async () => {
    github = await serveGithubStandIn({ before });
  });
  afterEach(() => {
    faults.clear();
    return github.close();
  });
  const holds = () =>
    (github.standIn.state()['acme/deployers'] ?? []).some(({ account }) => account === 'ana-dev');

  test('on removals hit the removal alone, not a lowered role', async () => {
    const provider = github.provider();
    const ana = await provider.resolveAccount('ana-dev');
    for (const fail of ['500', '409', '429'] as const) {
      faults.set({ target: 'github', on: 'remove', fail, times: 1 });
    }
    await provider.setRole(deployers, ana, 'maintainer', null);
    await provider.setRole(deployers, ana, 'member', null);
    const codes = [];
    for (let at = 0; at < 3; at += 1) {
      codes.push((await faultOf(provider.remove(deployers, ana))).code);
    }
    expect(codes).toEqual(['unavailable', 'conflict', 'rate-limited']);
    expect(holds()).toBe(true);
    await provider.remove(deployers, ana);
    expect(holds()).toBe(false);
  });

  test('that lose the answer leave the change made and the caller unsure', async () => {
    const provider = github.provider(300);
    const ana = await provider.resolveAccount('ana-dev');
    faults.set({ target: 'github', on: 'add', fail: 'lost', times: 1 });
    const fault = await faultOf(provider.setRole(deployers, ana, 'member', null));
    expect(fault).toMatchObject({ code: 'timeout', applied: 'unknown' });
    expect(holds()).toBe(true);
    faults.set({ target: 'github', on: 'remove', fail: 'timeout', times: 1 });
    await faultOf(provider.remove(deployers, ana));
    expect(holds()).toBe(true);
  });
});

function otherKey() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
