/** GitHub's own surprises, and what people do on its pages behind our back, each seen through the provider. */
import { defaultSeed } from '../../local/github/seed.ts';
import type { AccessProvider, ProviderAccount } from '../../shared/ports.ts';
import { faultOf, refuses } from '../contracts/access-provider.contract.ts';
import { serveGithubStandIn } from '../support/github-stand-in-server.ts';

const team = (slug: string) => ({ provider: 'github', kind: 'team', resource: `acme/${slug}` });
const deployers = team('deployers');

let github: Awaited<ReturnType<typeof serveGithubStandIn>>;
let provider: AccessProvider;
let ana: ProviderAccount;
beforeEach(async () => {
  github = await serveGithubStandIn();
  provider = github.provider();
  ana = await provider.resolveAccount('ana-dev');
  github.requests.length = 0;
});
afterEach(() => github.close());

const writes = () =>
  github.requests.filter(({ method }) => method === 'PUT' || method === 'DELETE');
const holders = (slug: string) =>
  (github.standIn.state()[`acme/${slug}`] ?? []).map(({ account }) => account);

describe('accounts', () => {
  test('resolve whatever the case, to the login as GitHub writes it', async () => {
    expect(await provider.resolveAccount('ANA-Dev')).toEqual(ana);
  });

  test('are people: an organization has no account', async () => {
    await refuses(provider.resolveAccount('acme'), 'account-not-found');
  });

  test('keep their id when they are renamed, and are read and removed under the new login', async () => {
    await provider.setRole(deployers, ana, 'member', null);
    github.standIn.controls.renameUser('ana-dev', 'ana-married');
    expect(await provider.currentAccount(ana.accountId)).toEqual({ ...ana, login: 'ana-married' });
    expect(await provider.read(deployers, ana)).toMatchObject({ role: 'member' });
    await provider.remove(deployers, ana);
    expect(holders('deployers')).toEqual(['perm-pat']);
  });

  test('are not followed to a stranger who took over the login', async () => {
    await provider.setRole(deployers, ana, 'member', null);
    const stranger = github.standIn.controls.takeOverLogin('ana-dev', 'ana-was-here');
    github.standIn.controls.setOrganizationMember('ana-dev', { role: 'member', state: 'active' });
    github.standIn.controls.setTeamMember('acme/deployers', 'ana-dev', { role: 'member' });
    await provider.remove(deployers, ana);
    expect(holders('deployers')).toEqual(['perm-pat', 'ana-dev']);
    const touched = github.standIn.mutations().map(({ accountId }) => accountId);
    expect(touched).not.toContain(String(stranger.id));
  });

  test('that were deleted are in no team any more', async () => {
    await provider.setRole(deployers, ana, 'member', null);
    github.standIn.controls.deleteUser('ana-dev');
    expect(await provider.currentAccount(ana.accountId)).toBeNull();
    expect(await provider.read(deployers, ana)).toMatchObject({ role: null });
  });
});

describe('who is in a team', () => {
  test('a member of a child team is listed and read as inherited, and stays when removed here', async () => {
    const kim = await provider.resolveAccount('kim-canary');
    const inherited = { role: 'member', direct: false, until: null };
    expect(await provider.read(deployers, kim)).toEqual(inherited);
    expect(await provider.list(deployers)).toContainEqual({ ...kim, ...inherited });
    await provider.remove(deployers, kim);
    expect(await provider.read(deployers, kim)).toEqual(inherited);
  });

  test('a direct member of both parent and child is direct', async () => {
    const kim = await provider.resolveAccount('kim-canary');
    await provider.setRole(deployers, kim, 'member', null);
    expect(await provider.read(deployers, kim)).toMatchObject({ role: 'member', direct: true });
  });

  test('an organization owner is always a maintainer, and nothing in a team they are not in', async () => {
    const dee = await provider.resolveAccount('dee-admin');
    expect(await provider.read(deployers, dee)).toMatchObject({ role: null });
    await provider.setRole(deployers, dee, 'member', null);
    expect(await provider.read(deployers, dee)).toMatchObject({ role: 'maintainer' });
  });

  test('a pending invitation is no access, is not listed, and removal cancels it', async () => {
    const { controls } = github.standIn;
    controls.setTeamMember('acme/jit-prod', 'eve-outsider', { role: 'member', state: 'pending' });
    const eve = await provider.resolveAccount('eve-outsider');
    expect(await provider.read(team('jit-prod'), eve)).toMatchObject({ role: null });
    expect(await provider.list(team('jit-prod'))).toEqual([]);
    await provider.remove(team('jit-prod'), eve);
    controls.acceptInvitations('eve-outsider');
    expect(holders('jit-prod')).toEqual([]);
  });

  test('everybody is listed, over all pages', async () => {
    const extra = Array.from({ length: 230 }, (_, at) => ({ id: 200_000 + at, login: `x-${at}` }));
    const big = await serveGithubStandIn({
      seed: {
        ...defaultSeed,
        users: [...defaultSeed.users, ...extra],
        teamMembers: extra.map(({ login }) => ({ team: 'acme/release', login, role: 'member' })),
      },
    });
    const rows = await big.provider().list(team('release'));
    expect(new Set(rows.map(({ accountId }) => accountId)).size).toBe(230);
    expect(big.requests.filter(({ path }) => path.endsWith('/members'))).toHaveLength(3);
    await big.close();
  });

  test('a stale replica shows the old state, later the new one', async () => {
    github.standIn.controls.staleReads(30);
    await provider.setRole(deployers, ana, 'member', null);
    expect(await provider.read(deployers, ana)).toMatchObject({ role: null });
    github.clock.now = new Date(github.clock.now.getTime() + 31_000);
    expect(await provider.read(deployers, ana)).toMatchObject({ role: 'member' });
  });
});

describe('a grant is refused', () => {
  test('when an outsider would be invited instead, and leaves no invitation behind', async () => {
    const eve = await provider.resolveAccount('eve-outsider');
    const adding = provider.setRole(deployers, eve, 'member', null);
    await refuses(adding, 'not-a-member-of-organization');
    github.standIn.controls.acceptInvitations('eve-outsider');
    expect(holders('deployers')).toEqual(['perm-pat']);
  });

  test('while the membership of the organization is still pending', async () => {
    github.standIn.controls.setOrganizationMember('ana-dev', { role: 'member', state: 'pending' });
    await refuses(provider.checkEligible(deployers, ana), 'not-a-member-of-organization');
  });

  test('by a team that an identity provider manages, and so is a removal', async () => {
    github.standIn.controls.setIdpSync('acme/deployers', true);
    const adding = provider.setRole(deployers, ana, 'member', null);
    await refuses(adding, 'container-not-manageable');
    await refuses(provider.remove(deployers, ana), 'container-not-manageable');
    expect(github.standIn.mutations()).toEqual([]);
  });

  test('already by the eligibility check when the App may only read members', async () => {
    github.standIn.controls.setAppPermission('read');
    await refuses(provider.checkEligible(deployers, ana), 'unauthorized');
    expect(await provider.read(deployers, ana)).toMatchObject({ role: null });
  });

  test('when the App was suspended, and works again after', async () => {
    github.standIn.controls.suspendInstallation(true);
    await refuses(provider.setRole(deployers, ana, 'member', null), 'unauthorized');
    github.standIn.controls.suspendInstallation(false);
    await provider.setRole(deployers, ana, 'member', null);
    expect(holders('deployers')).toContain('ana-dev');
  });

  test.each([
    'acme/..',
    'acme/../..',
    '../acme',
    'acme',
    '/deployers',
    'acme/',
    'acme/deployers/memberships/perm-pat',
    'acme/deployers?role=x',
    'acme/deployers#',
    'acme/%2e%2e',
    '',
  ])('for the container %j, before anything is sent', async (resource) => {
    const container = { ...deployers, resource };
    await refuses(provider.setRole(container, ana, 'member', null), 'container-not-found');
    await refuses(provider.remove(container, ana), 'container-not-found');
    await refuses(provider.list(container), 'container-not-found');
    expect(github.requests).toEqual([]);
  });

  test('for a kind that GitHub does not have', async () => {
    await refuses(provider.read({ ...deployers, kind: 'project' }, ana), 'container-not-found');
  });
});

describe('tokens', () => {
  test('are narrowed: reads carry one that could change nothing', async () => {
    const fresh = github.provider();
    await fresh.setRole(deployers, ana, 'member', null);
    await fresh.read(deployers, ana);
    await fresh.list(deployers);
    const minted = github.requests.filter(({ path }) => path.startsWith('/app/'));
    expect(minted.map(({ body }) => body)).toEqual([
      '{"permissions":{"members":"read"}}',
      '{"permissions":{"members":"write"}}',
    ]);
    const withWrite = new Set(writes().map(({ authorization }) => authorization));
    expect(withWrite.size).toBe(1);
    for (const { method, authorization } of github.requests) {
      if (method === 'GET') expect(withWrite).not.toContain(authorization);
    }
  });

  test('are minted again when they have expired', async () => {
    const mints = () => github.requests.filter(({ path }) => path.startsWith('/app/')).length;
    github.clock.now = new Date(github.clock.now.getTime() + 3 * 3_600_000);
    await provider.read(deployers, ana);
    await provider.read(deployers, ana);
    expect(mints()).toBe(1);
  });

  test('that GitHub dropped fail one call, and the next one gets a fresh token', async () => {
    github.standIn.controls.revokeTokens();
    expect(await faultOf(provider.read(deployers, ana))).toMatchObject({
      code: 'unauthorized',
      retryable: true,
    });
    expect(await provider.read(deployers, ana)).toMatchObject({ role: null });
  });

  test('share an hourly budget; when it is used up the fault says when to come back', async () => {
    github.standIn.controls.exhaustRateLimit();
    expect(await faultOf(provider.read(deployers, ana))).toMatchObject({
      code: 'rate-limited',
      retryable: true,
      retryAfterSeconds: 3600,
    });
    github.clock.now = new Date(github.clock.now.getTime() + 3_600_000);
    expect(await provider.read(deployers, ana)).toMatchObject({ role: null });
  });
});

test('a team that vanished is not an absent member', async () => {
  await provider.setRole(deployers, ana, 'member', null);
  github.standIn.controls.deleteTeam('acme/deployers');
  await refuses(provider.read(deployers, ana), 'container-not-found');
  await refuses(provider.remove(deployers, ana), 'container-not-found');
  await refuses(provider.checkEligible(deployers, ana), 'container-not-found');
});
