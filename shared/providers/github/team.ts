/** A container as GitHub names it. Refuses whatever could turn a team's URL into another endpoint's. */
import type { ContainerRef } from '../../ports.ts';
import { ProviderFault } from '../../ports.ts';
import { githubName, teamAnswer } from './answers.ts';
import type { GithubApi } from './github-api.ts';

export type Team = { readonly org: string; readonly team_slug: string };

export function teamOf(container: ContainerRef): Team {
  const [org, slug, ...rest] = container.resource.split('/');
  const wellFormed = rest.length === 0 && githubName.test(org ?? '') && githubName.test(slug ?? '');
  if (container.kind !== 'team' || org === undefined || slug === undefined || !wellFormed) {
    throw new ProviderFault(
      `GitHub has no ${JSON.stringify(container.kind)} ${JSON.stringify(container.resource)}: write kind team and resource organization/team-slug in the policy`,
      { code: 'container-not-found', retryable: false, applied: 'no' },
    );
  }
  return { org, team_slug: slug };
}

/** @throws ProviderFault `container-not-found`, which also covers a team the App cannot see: GitHub does not tell them apart. */
export async function requireTeam(api: GithubApi, team: Team) {
  const found = await api.ask({
    route: 'GET /orgs/{org}/teams/{team_slug}',
    parameters: team,
    permission: 'read',
    status: 200,
    schema: teamAnswer,
  });
  if (found === null) throw teamMissing(team);
  return found.value;
}

export function teamMissing(team: Team): ProviderFault {
  return new ProviderFault(
    `GitHub knows no team ${team.org}/${team.team_slug}, or the App cannot see it: check the name in the policy and where the App is installed`,
    { code: 'container-not-found', retryable: false, applied: 'no' },
  );
}
