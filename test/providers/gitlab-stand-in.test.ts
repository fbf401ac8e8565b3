import { gitlabProvider } from '../../shared/providers/gitlab/gitlab-provider.ts';
import { accessProviderContract } from '../contracts/access-provider.contract.ts';
import { group, project, serveGitlabStandIn } from '../support/gitlab-stand-in-server.ts';

const cases = [
  {
    name: 'a GitLab group (stand-in)',
    container: group('acme/platform'),
    child: { container: group('acme/platform/tools'), login: 'kim' },
  },
  {
    name: 'a GitLab project (stand-in)',
    container: project('acme/platform/deploy'),
    child: { none: 'a project has nothing below it' },
  },
];

for (const { name, container, child } of cases) {
  accessProviderContract(name, async () => {
    const served = await serveGitlabStandIn();
    const permanent = { login: 'pat', role: 'maintainer' };
    const id = container.kind === 'group' ? '9002' : '8002';
    // A project's permanent member is one of its own: what comes from the group above is not direct.
    if (container.kind === 'project') {
      served.standIn.controls.setMember(container.resource, 'pat', { level: 40 });
    }
    return {
      provider: gitlabProvider({
        baseUrl: served.baseUrl,
        token: served.standIn.token,
        now: () => served.clock.now,
      }),
      container,
      insider: 'bo',
      permanent,
      outsider: 'eve',
      outsiderIs: 'account-not-eligible',
      unknown: 'nobody-at-all',
      unknownId: '999999999',
      child,
      close: async () => {
        const mutations = served.standIn.mutations();
        await served.close();
        expect(mutations.filter(({ account }) => account === 'pat')).toEqual([]);
        expect(mutations.flatMap(({ alsoRemovedFrom }) => alsoRemovedFrom)).toEqual([]);
        const written = served.requests.filter(({ method }) => method !== 'GET');
        expect(new Set(written.map(({ path }) => path.split('/')[2]))).toEqual(new Set([id]));
      },
    };
  });
}
