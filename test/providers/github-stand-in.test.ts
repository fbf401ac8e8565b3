import { accessProviderContract } from '../contracts/access-provider.contract.ts';
import { serveGithubStandIn } from '../support/github-stand-in-server.ts';

const team = (slug: string) => ({ provider: 'github', kind: 'team', resource: `acme/${slug}` });

accessProviderContract('the GitHub stand-in', async () => {
  const served = await serveGithubStandIn();
  return {
    provider: served.provider(),
    container: team('deployers'),
    insider: 'ana-dev',
    permanent: { login: 'perm-pat', role: 'maintainer' },
    outsider: 'eve-outsider',
    outsiderIs: 'not-a-member-of-organization',
    unknown: 'nobody-at-all',
    unknownId: '999999999',
    child: { container: team('deployers-canary'), login: 'kim-canary' },
    close: async () => {
      const touched = served.standIn.mutations().filter(({ account }) => account === 'perm-pat');
      expect(touched).toEqual([]);
      await served.close();
    },
  };
});
