import * as z from 'zod';
import { githubProvider } from '../../shared/providers/github/github-provider.ts';
import { accessProviderContract } from '../contracts/access-provider.contract.ts';
import { emulatedGithub } from '../support/emulated-github.ts';

const team = (slug: string) => ({ provider: 'github', kind: 'team', resource: `acme/${slug}` });

accessProviderContract('a GitHub that somebody else wrote', async () => {
  const { baseUrl, auth, stop } = await emulatedGithub();
  return {
    provider: githubProvider({ baseUrl, auth, now: () => new Date() }),
    container: team('deployers'),
    insider: 'ana-dev',
    permanent: { login: 'perm-pat', role: 'maintainer' },
    outsider: 'eve-outsider',
    outsiderIs: 'not-a-member-of-organization',
    unknown: 'nobody-at-all',
    unknownId: '999999999',
    child: { container: team('deployers-canary'), login: 'kim-canary' },
    close: async () => {
      try {
        expect(await mintedPermissions(baseUrl)).toEqual([
          '{"members":"read"}',
          '{"members":"write"}',
        ]);
      } finally {
        await stop();
      }
    },
  };
});

/** What that GitHub says our tokens were good for: one of each kind, kept and used again. */
async function mintedPermissions(baseUrl: string): Promise<string[]> {
  const Minted = z.object({
    installation_tokens: z.array(z.object({ permissions: z.record(z.string(), z.string()) })),
  });
  const answer = await (await fetch(`${baseUrl}/_emulate/installation-tokens`)).json();
  const rows = Minted.parse(answer).installation_tokens;
  return rows.map(({ permissions }) => JSON.stringify(permissions)).sort();
}
