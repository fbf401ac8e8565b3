/** The whole provider contract through Prism: what Hallpass sends, and what our stand-in answers, is what GitHub describes. */
import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import { accessProviderContract } from '../contracts/access-provider.contract.ts';
import { emulatedGithub } from '../support/emulated-github.ts';
import { serveGithubStandIn } from '../support/github-stand-in-server.ts';
import { type Prism, prismBefore } from './prism.ts';

const team = (slug: string) => ({ provider: 'github', kind: 'team', resource: `acme/${slug}` });
const people = {
  container: team('deployers'),
  insider: 'ana-dev',
  permanent: { login: 'perm-pat', role: 'maintainer' },
  outsider: 'eve-outsider',
  outsiderIs: 'not-a-member-of-organization' as const,
  unknown: 'nobody-at-all',
  unknownId: '999999999',
  child: { container: team('deployers-canary'), login: 'kim-canary' },
};

/** Each kind of exchange was made, so that "no departure" was said of something. */
function expectWholeConversation({ exchanges }: Prism): void {
  for (const kind of [
    'POST /app/installations/5150/access_tokens',
    'GET /users/ana-dev',
    'GET /orgs/acme/teams/deployers',
    'GET /orgs/acme/teams/deployers/members',
    'GET /orgs/acme/teams/deployers/memberships/ana-dev',
    'PUT /orgs/acme/teams/deployers/memberships/ana-dev',
    'DELETE /orgs/acme/teams/deployers/memberships/ana-dev',
  ])
    expect(
      exchanges.map((each) => each.replace(/installations\/\d+/, 'installations/5150')),
    ).toContain(kind);
}

accessProviderContract(
  "a GitHub that somebody else wrote, behind GitHub's own description",
  async () => {
    const { baseUrl, auth, stop } = await emulatedGithub();
    const prism = await prismBefore(baseUrl);
    return {
      ...people,
      provider: githubProvider({
        baseUrl: prism.url,
        auth,
        fetch: prism.fetch,
        timeoutMs: 20_000,
        now: () => new Date(),
      }),
      async close() {
        await prism.close();
        await stop();
        // How faithful that GitHub's answers are is not ours to judge; what we sent to it is.
        expect(prism.departures.filter((each) => each.in === 'request')).toEqual([]);
        expectWholeConversation(prism);
      },
    };
  },
);

accessProviderContract("the stand-in, behind GitHub's own description", async () => {
  const served = await serveGithubStandIn();
  const prism = await prismBefore(served.baseUrl);
  return {
    ...people,
    provider: githubProvider({
      baseUrl: prism.url,
      auth: served.standIn.credentials,
      fetch: prism.fetch,
      timeoutMs: 20_000,
      now: () => served.clock.now,
    }),
    async close() {
      await prism.close();
      await served.close();
      expect(prism.departures).toEqual([]);
      expectWholeConversation(prism);
    },
  };
});

test('Prism does notice: a role that GitHub does not have, and a body that is no JSON object', async () => {
  const served = await serveGithubStandIn();
  const prism = await prismBefore(served.baseUrl);
  const path = `${prism.url}/orgs/acme/teams/deployers/memberships/ana-dev`;
  const put = (body: string) =>
    prism.fetch(path, { method: 'PUT', body, headers: { 'content-type': 'application/json' } });
  await put('{"role":"owner"}');
  await put('["member"]');
  await prism.close();
  await served.close();
  expect(prism.departures.filter((each) => each.in === 'request')).toHaveLength(2);
});
