/** GitLab's own surprises, and what people do on its pages behind our back, each seen through the provider. */
import { LEVELS } from '../../local/gitlab/model.ts';
import type { AccessProvider, ProviderAccount } from '../../shared/ports.ts';
import { faultOf, refuses } from '../contracts/access-provider.contract.ts';
import { group, project, serveGitlabStandIn } from '../support/gitlab-stand-in-server.ts';

const shop = project('acme/shop');
const platform = group('acme/platform');
const END = '2026-11-22T11:00:00.000Z';

let gitlab: Awaited<ReturnType<typeof serveGitlabStandIn>>;
let controls: Awaited<ReturnType<typeof serveGitlabStandIn>>['standIn']['controls'];
let provider: AccessProvider;
let ana: ProviderAccount;
let bo: ProviderAccount;
beforeEach(async () => {
  gitlab = await serveGitlabStandIn();
  controls = gitlab.standIn.controls;
  provider = gitlab.provider();
  ana = await provider.resolveAccount('ana');
  bo = await provider.resolveAccount('bo');
  gitlab.requests.length = 0;
});
afterEach(() => gitlab.close());

const writes = () => gitlab.requests.filter(({ method }) => method !== 'GET');

describe('the end that GitLab keeps itself', () => {
  test.each([
    ['2026-11-22T10:00:00.001Z', '2026-11-23'],
    ['2026-11-22T23:59:59.999Z', '2026-11-23'],
    ['2026-11-23T00:00:00.000Z', '2026-11-23'],
    ['2026-12-31T12:00:00.000Z', '2027-01-01'],
    ['2028-02-28T12:00:00.000Z', '2028-02-29'],
    [null, null],
  ])(
    'of a grant until %s is the date %s, never before it, and reads back as such',
    async (until, date) => {
      await provider.setRole(platform, bo, 'developer', until);
      expect(controls.member('acme/platform', 'bo')).toMatchObject({ expiresAt: date });
      const { until: shown } = await provider.read(platform, bo);
      expect(shown).toBe(date === null ? null : `${date}T00:00:00.000Z`);
      if (until !== null && shown !== null) expect(shown >= until).toBe(true);
    },
  );

  test('is put back to the day it had, and to none where it had none', async () => {
    controls.setMember('acme/shop', 'ana', { level: LEVELS.developer, expiresAt: '2027-01-31' });
    const before = await provider.read(shop, ana);
    await provider.setRole(shop, ana, 'maintainer', END);
    expect(controls.member('acme/shop', 'ana')).toMatchObject({ expiresAt: '2026-11-23' });
    await provider.setRole(shop, ana, before.role ?? '', before.until);
    expect(await provider.read(shop, ana)).toEqual(before);
    await provider.setRole(shop, ana, 'maintainer', END);
    await provider.setRole(shop, ana, 'developer', null);
    expect(await provider.read(shop, ana)).toEqual({ ...before, until: null });
  });

  test('comes true when nobody else ends it, at night, with all that lies below', async () => {
    controls.setMember('acme/platform/tools', 'bo', { level: LEVELS.developer });
    await provider.setRole(platform, bo, 'developer', END);
    gitlab.clock.now = new Date('2026-11-23T00:09:59Z');
    expect(await provider.read(platform, bo)).toMatchObject({ role: 'developer' });
    gitlab.clock.now = new Date('2026-11-23T00:10:00Z');
    expect(await provider.read(platform, bo)).toMatchObject({ role: null });
    expect(controls.member('acme/platform/tools', 'bo')).toBeUndefined();
  });

  test('that has passed cannot be written any more, which is looked at again', async () => {
    const late = provider.setRole(shop, ana, 'maintainer', '2026-11-20T11:00:00.000Z');
    expect(await faultOf(late)).toMatchObject({ code: 'conflict', retryable: true, applied: 'no' });
  });
});

describe('inherited roles', () => {
  test('show as such, with nothing to take away', async () => {
    controls.setMember('acme', 'bo', { level: LEVELS.developer });
    const seen = { role: 'developer', direct: false, until: null };
    expect(await provider.read(shop, bo)).toEqual(seen);
    await provider.remove(shop, bo);
    expect(await provider.read(shop, bo)).toEqual(seen);
    expect(controls.member('acme', 'bo')).toMatchObject({ level: LEVELS.developer });
  });

  test('come from invited groups too, as much as the invitation gives', async () => {
    controls.addPlace('group', 'partners');
    controls.setMember('partners', 'bo', { level: LEVELS.owner });
    controls.invite('acme/shop', 'partners', LEVELS.reporter);
    expect(await provider.read(shop, bo)).toMatchObject({ role: 'reporter', direct: false });
  });

  test('that are stronger than the direct one are told beside it, in lists too', async () => {
    controls.setMember('acme', 'ana', { level: LEVELS.maintainer });
    const seen = { role: 'developer', direct: true, until: null, inherited: 'maintainer' };
    expect(await provider.read(shop, ana)).toEqual(seen);
    expect(await provider.list(shop)).toContainEqual({ ...ana, ...seen });
  });

  test('are a floor: a weaker one is refused as "has it already", and nothing is changed', async () => {
    controls.setMember('acme', 'bo', { level: LEVELS.maintainer });
    const adding = provider.setRole(shop, bo, 'developer', END);
    await refuses(adding, 'already-has-access');
    expect(controls.member('acme/shop', 'bo')).toBeUndefined();
  });

  test('above the old role when it is put back: the direct one goes, what the group gives stays', async () => {
    await provider.setRole(shop, ana, 'owner', END);
    controls.setMember('acme', 'ana', { level: LEVELS.maintainer });
    await provider.setRole(shop, ana, 'developer', null);
    expect(await provider.read(shop, ana)).toMatchObject({ role: 'maintainer', direct: false });
  });
});

describe('a removal', () => {
  test('leaves subgroups, projects, issues and merge requests alone', async () => {
    controls.setMember('acme/platform/tools', 'bo', { level: LEVELS.developer });
    controls.setMember('acme/platform/deploy', 'bo', { level: LEVELS.developer });
    await provider.setRole(platform, bo, 'maintainer', END);
    await provider.remove(platform, bo);
    expect(gitlab.standIn.mutations().at(-1)).toMatchObject({
      method: 'DELETE',
      alsoRemovedFrom: [],
      unassigned: false,
    });
    expect(controls.member('acme/platform/tools', 'bo')).toBeDefined();
    expect(controls.member('acme/platform/deploy', 'bo')).toBeDefined();
  });

  test('beyond 60 a minute is put off as long as GitLab says', async () => {
    const gone = { accountId: '999999999', login: 'gone' };
    for (let i = 0; i < 60; i += 1) await provider.remove(platform, gone);
    const fault = await faultOf(provider.remove(platform, gone));
    expect(fault).toMatchObject({ code: 'rate-limited', applied: 'no' });
    expect(fault.retryAfterSeconds).toBeGreaterThan(0);
    await provider.remove(shop, gone);
  });
});

describe('custom roles', () => {
  test('are taken off for the raise and put back afterwards', async () => {
    const custom = { level: LEVELS.developer, memberRoleId: 31 };
    controls.setMember('acme/shop', 'ana', custom);
    const before = await provider.read(shop, ana);
    expect(before).toMatchObject({ role: 'developer', variant: '31' });
    await provider.setRole(shop, ana, 'maintainer', END);
    expect(controls.member('acme/shop', 'ana')).toMatchObject({ level: 40, memberRoleId: null });
    await provider.setRole(shop, ana, 'developer', before.until, before.variant);
    expect(await provider.read(shop, ana)).toEqual(before);
  });
});

describe('who may be given something', () => {
  test.each(['blocked', 'banned', 'deactivated'] as const)('nobody who is %s', async (state) => {
    controls.setUserState('bo', state);
    await refuses(provider.checkEligible(shop, bo), 'account-not-eligible');
  });

  test('no bot, and not through the back door either', async () => {
    const bot = await provider.resolveAccount('project_8002_bot_deploy');
    await refuses(provider.checkEligible(shop, bot), 'account-not-eligible');
    await refuses(provider.setRole(shop, bot, 'developer', END), 'account-not-eligible');
  });

  test('nobody who would have to wait for a seat: the waiting membership is withdrawn', async () => {
    controls.instance.full = true;
    await refuses(provider.setRole(platform, bo, 'developer', END), 'account-not-eligible');
    expect(controls.member('acme/platform', 'bo')).toBeUndefined();
    controls.setMember('acme/platform', 'bo', { level: 30, awaiting: true });
    expect(await provider.read(platform, bo)).toMatchObject({ role: null });
    expect((await provider.list(platform)).map(({ login }) => login)).not.toContain('bo');
    await refuses(provider.checkEligible(platform, bo), 'account-not-eligible');
  });

  test('a person who is renamed stays the same person, and a stranger under the old name is somebody else', async () => {
    await provider.setRole(platform, bo, 'developer', END);
    controls.renameUser('bo', 'bo-married');
    const stranger = controls.addUser('bo');
    expect(await provider.currentAccount(bo.accountId)).toEqual({ ...bo, login: 'bo-married' });
    expect((await provider.resolveAccount('BO')).accountId).toBe(String(stranger.id));
    await provider.remove(platform, bo);
    expect(gitlab.standIn.mutations().map(({ accountId }) => accountId)).not.toContain(
      String(stranger.id),
    );
    expect(await provider.read(platform, bo)).toMatchObject({ role: null });
  });
});

describe('the container', () => {
  test('that was moved is refused by name although GitLab still answers, and found by its number', async () => {
    expect(await provider.containerId?.(shop)).toBe('8001');
    await provider.setRole(shop, ana, 'maintainer', END);
    controls.movePlace('acme/shop', 'acme/retail');
    await refuses(provider.setRole(shop, bo, 'developer', END), 'container-not-found');
    const pinned = { ...shop, id: '8001' };
    await refuses(provider.checkEligible(pinned, bo), 'container-not-found');
    await provider.setRole(pinned, ana, 'developer', null);
    expect(controls.member('acme/retail', 'ana')).toMatchObject({ level: 30, expiresAt: null });
  });

  test('whose path somebody else took is never touched under the old number', async () => {
    const pinned = { ...shop, id: '8001' };
    controls.deletePlace('acme/shop');
    controls.addPlace('project', 'acme/shop');
    controls.setMember('acme/shop', 'ana', { level: LEVELS.owner });
    await refuses(provider.remove(pinned, ana), 'container-not-found');
    expect(controls.member('acme/shop', 'ana')).toBeDefined();
  });

  test.each([
    '',
    'shop',
    '../acme',
    'acme//shop',
    'acme/..',
    'acme/shop?x=1',
    'acme/%2e%2e',
    'ä/b',
  ])('%j is no project', async (path) => {
    await refuses(provider.read(project(path), ana), 'container-not-found');
    expect(gitlab.requests).toEqual([]);
  });

  test('that is archived or whose members are locked is said to be so', async () => {
    controls.lockMembership('acme');
    await refuses(provider.setRole(shop, bo, 'developer', END), 'container-not-manageable');
    controls.archive('acme/shop');
    await refuses(provider.checkEligible(shop, ana), 'container-not-manageable');
  });

  test('with more members than fit on a page is listed whole', async () => {
    for (let i = 0; i < 230; i += 1) {
      const { username } = controls.addUser(`worker-${i}`);
      controls.setMember('acme/platform', username, { level: LEVELS.reporter });
    }
    const rows = await provider.list(platform);
    expect(rows.filter(({ login }) => login.startsWith('worker-'))).toHaveLength(230);
    expect(new Set(rows.map(({ accountId }) => accountId)).size).toBe(rows.length);
    expect(rows.find(({ login }) => login === 'dee')).toMatchObject({
      role: 'owner',
      direct: false,
    });
  });
});

describe('the token', () => {
  test('that is revoked, expired or may only read stops everything with a reason', async () => {
    for (const state of ['revoked', 'expired'] as const) {
      controls.setToken({ state });
      await refuses(provider.read(shop, ana), 'unauthorized');
    }
    controls.setToken({ state: 'active', scope: 'read_api' });
    expect(await provider.read(shop, ana)).toMatchObject({ role: 'developer' });
    const fault = await faultOf(provider.setRole(shop, ana, 'maintainer', END));
    expect(fault).toMatchObject({ code: 'unauthorized', retryable: false, applied: 'no' });
    expect(fault.message).toMatch(/scope "api"/);
  });

  test('of a Maintainer gives up to Maintainer in projects, no Owner, and nothing in groups', async () => {
    controls.setToken({ level: LEVELS.maintainer });
    await provider.setRole(shop, ana, 'maintainer', END);
    await refuses(provider.setRole(shop, ana, 'owner', END), 'unauthorized');
    await refuses(provider.setRole(platform, bo, 'guest', END), 'unauthorized');
  });

  test('that used up its limit is told how long to wait', async () => {
    controls.exhaustRateLimit();
    expect(await faultOf(provider.read(shop, ana))).toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 60,
    });
  });
});

test('a member who appears between the look and the add is edited instead', async () => {
  let hidden = true;
  const blind = await serveGitlabStandIn({
    before: async (context, next) => {
      await next();
      const looks = context.req.method === 'GET' && /\/members\/\d+$/.test(context.req.path);
      if (!looks || !hidden) return;
      hidden = false;
      context.res = new Response('{"message":"404 Not found"}', { status: 404 });
    },
  });
  await blind.provider().setRole(shop, ana, 'maintainer', END);
  expect(blind.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET', 'PUT']);
  expect(blind.standIn.controls.member('acme/shop', 'ana')).toMatchObject({ level: 40 });
  await blind.close();
});

test('a promotion that waits for an administrator is not taken for access', async () => {
  controls.instance.queuePromotions = true;
  expect(await faultOf(provider.setRole(shop, ana, 'maintainer', END))).toMatchObject({
    code: 'container-not-manageable',
    applied: 'unknown',
  });
  controls.instance.queuePromotions = false;
  controls.instance.failNextAdd = true;
  await refuses(provider.setRole(platform, bo, 'developer', END), 'conflict');
  expect(writes().map(({ method }) => method)).toEqual(['PUT', 'POST']);
});
