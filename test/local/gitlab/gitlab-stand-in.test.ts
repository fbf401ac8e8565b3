/** The stand-in itself: what survives a restart, how faults hit it, how it takes what clients other than ours send. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultMiddleware, openFaults } from '../../../local/faults.ts';
import { classifyGitlabCall, openGitlabStandIn } from '../../../local/gitlab/gitlab-stand-in.ts';
import { faultOf } from '../../contracts/access-provider.contract.ts';
import { project, serveGitlabStandIn } from '../../support/gitlab-stand-in-server.ts';

const now = () => new Date('2026-11-22T10:00:00Z');
const shop = project('acme/shop');
const MEMBERS = '/api/v4/projects/acme%2Fshop/members';

const open = (dataDir: string | null = null) => openGitlabStandIn({ dataDir, now });
const call = (
  standIn: ReturnType<typeof open>,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
) =>
  standIn.app.request(path, {
    ...init,
    headers: { 'private-token': standIn.token, ...init.headers },
  });

test('members, people and what was changed survive a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gitlab-stand-in-'));
  const first = open(dataDir);
  const body = JSON.stringify({ user_id: 200102, access_level: 30, expires_at: '2026-12-01' });
  expect((await call(first, MEMBERS, { method: 'POST', body })).status).toBe(201);
  first.controls.renameUser('cy', 'cy-new');
  first.close();
  const second = open(dataDir);
  expect(second.state()['acme/shop']).toContainEqual({ account: 'bo', role: 'developer' });
  expect(second.controls.member('acme/shop', 'bo')).toMatchObject({ expiresAt: '2026-12-01' });
  expect(second.mutations()).toHaveLength(1);
  expect(() => second.controls.member('acme/shop', 'cy')).toThrow(/no user cy/);
  second.close();
  rmSync(dataDir, { recursive: true });
});

test('a token in either header is good, none and a wrong one are not', async () => {
  const standIn = open();
  const asked = (headers: Record<string, string>) =>
    standIn.app.request('/api/v4/users', { headers });
  const answers = [
    await asked({ 'private-token': standIn.token }),
    await asked({ authorization: `Bearer ${standIn.token}` }),
    await asked({}),
    await asked({ 'private-token': `${standIn.token}x` }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
});

test('parameters come as JSON, as a form or in the address, and an empty end clears it', async () => {
  const standIn = open();
  const ana = `${MEMBERS}/200101`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const bodies = [
    'access_level=40&expires_at=2027-01-31',
    'access_level=30',
    'access_level=30&expires_at=',
  ];
  const ends = [];
  for (const body of bodies) {
    await call(standIn, ana, { method: 'PUT', headers: form, body });
    ends.push(standIn.controls.member('acme/shop', 'ana')?.expiresAt);
  }
  expect(ends).toEqual(['2027-01-31', '2027-01-31', null]);
  const inAddress = await call(standIn, `${ana}?access_level=20`, { method: 'PUT' });
  expect(await inAddress.json()).toMatchObject({ access_level: 20, expires_at: null });
});

test.each([
  [{ access_level: 30 }, 400],
  [{ user_id: 200102, username: 'bo', access_level: 30 }, 400],
  [{ user_id: 200102 }, 400],
  [{ user_id: 200102, access_level: 1234 }, 400],
  [{ user_id: 200102, access_level: 30, expires_at: 'soon' }, 400],
  [{ user_id: 1, access_level: 30 }, 404],
  ['not json', 400],
])('an add of %j is answered %i and adds nobody', async (body, status) => {
  const standIn = open();
  const answer = await call(standIn, MEMBERS, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(answer.status).toBe(status);
  expect(standIn.mutations()).toEqual([]);
});

test('faults hit reading, adding and removing apart', async () => {
  const faults = openFaults();
  const served = await serveGitlabStandIn({
    before: faultMiddleware(faults, 'gitlab', classifyGitlabCall),
  });
  const provider = served.provider();
  const ana = await provider.resolveAccount('ana');
  faults.set({ target: 'gitlab', on: 'add', fail: '500', times: 1 });
  faults.set({ target: 'gitlab', on: 'remove', fail: '409', times: 1 });
  expect(await provider.read(shop, ana)).toMatchObject({ role: 'developer' });
  const add = provider.setRole(shop, ana, 'maintainer', null);
  expect(await faultOf(add)).toMatchObject({ code: 'unavailable', applied: 'unknown' });
  expect(await faultOf(provider.remove(shop, ana))).toMatchObject({ code: 'conflict' });
  faults.set({ target: 'gitlab', on: 'read', fail: '500', times: 3 });
  expect(await faultOf(provider.read(shop, ana))).toMatchObject({ code: 'unavailable' });
  expect(faults.list()).toEqual([]);
  await served.close();
});

test('pages say where they are, as GitLab does', async () => {
  const standIn = open();
  const answer = await call(standIn, '/api/v4/users?per_page=4&page=2');
  const header = (name: string) => answer.headers.get(name);
  expect([header('x-page'), header('x-next-page'), header('x-total')]).toEqual(['2', '3', '9']);
  expect(header('link')).toMatch(/page=3[^>]*>; rel="next"/);
  expect(header('ratelimit-remaining')).toBe('1999');
});
