/** The organization every fresh local world starts with. */
import type { GithubSeed } from './model.ts';

const team = (id: number, slug: string, repositories: [string, string][]) => ({
  id,
  org: 'acme',
  slug,
  parent: null,
  idpSynced: false,
  repositories: repositories.map(([name, role]) => ({ name, role })),
});
const member = (login: string) =>
  ({ org: 'acme', login, role: 'member', state: 'active' }) as const;

export const defaultSeed: GithubSeed = {
  organizations: [{ id: 90210, login: 'acme' }],
  users: [
    { id: 100101, login: 'ana-dev' },
    { id: 100102, login: 'bo-rm' },
    { id: 100103, login: 'cy-rm' },
    { id: 100104, login: 'dee-admin' },
    { id: 100105, login: 'eve-outsider' },
    { id: 100106, login: 'perm-pat' },
    { id: 100107, login: 'kim-canary' },
  ],
  organizationMembers: [
    member('ana-dev'),
    member('bo-rm'),
    member('cy-rm'),
    { org: 'acme', login: 'dee-admin', role: 'admin', state: 'active' },
    member('perm-pat'),
    member('kim-canary'),
  ],
  teams: [
    team(7001, 'deployers', [['pipeline', 'push']]),
    team(7002, 'release', [['pipeline', 'maintain']]),
    team(7003, 'jit-prod', [['infrastructure', 'admin']]),
    team(7005, 'infra', [['infrastructure', 'push']]),
    { ...team(7004, 'deployers-canary', []), parent: 'deployers' },
  ],
  teamMembers: [
    { team: 'acme/deployers', login: 'perm-pat', role: 'maintainer' },
    { team: 'acme/release', login: 'perm-pat', role: 'member' },
    { team: 'acme/deployers-canary', login: 'kim-canary', role: 'member' },
  ],
};
