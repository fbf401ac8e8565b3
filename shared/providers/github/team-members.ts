/**
 * Walks all pages of a team's members, child teams' members included. Pages are counted here: GitHub's `next` link is
 * only believed as a sign that there is more, and refused when it leads to another host, because the next request
 * would carry a token. Ends for certain: every page must bring somebody new, and there are at most MAX_PAGES.
 */
import { ProviderFault } from '../../ports.ts';
import type { TeamMember } from './answers.ts';
import { teamMembersAnswer } from './answers.ts';
import type { GithubApi } from './github-api.ts';
import type { Team } from './team.ts';
import { teamMissing } from './team.ts';

const PER_PAGE = 100;
const MAX_PAGES = 100;

export async function* teamMembers(
  api: GithubApi,
  team: Team,
  role: 'all' | 'maintainer',
): AsyncGenerator<TeamMember, void, undefined> {
  const seen = new Set<number>();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const answer = await api.ask({
      route: 'GET /orgs/{org}/teams/{team_slug}/members',
      parameters: { ...team, role, per_page: PER_PAGE, page },
      permission: 'read',
      status: 200,
      schema: teamMembersAnswer,
    });
    if (answer === null) throw teamMissing(team);
    const fresh = answer.value.filter((member) => !seen.has(member.id));
    for (const member of fresh) {
      seen.add(member.id);
      yield member;
    }
    const more = pointsToNextPage(answer.headers, api.baseUrl, team);
    // A full page without a link may have lost it in a proxy: one more question settles it.
    if (!more && answer.value.length < PER_PAGE) return;
    if (fresh.length === 0) throw endless(team);
  }
  throw endless(team);
}

function pointsToNextPage(headers: Headers, baseUrl: string, team: Team): boolean {
  const target = /<([^<>]*)>;[^<]*\brel="?next\b/.exec(headers.get('link') ?? '')?.[1];
  if (target === undefined) return false;
  if (URL.canParse(target) && new URL(target).origin === new URL(baseUrl).origin) return true;
  throw new ProviderFault(
    `the member list of ${team.org}/${team.team_slug} continues on another host than the API's; nothing is sent there, so check the API's base URL and any proxy in between`,
    { code: 'malformed-answer', retryable: false, applied: 'no' },
  );
}

function endless(team: Team): ProviderFault {
  return new ProviderFault(
    `the member list of ${team.org}/${team.team_slug} does not end (pages repeat, or more than ${MAX_PAGES * PER_PAGE} members); check any proxy in between, or use a smaller team`,
    { code: 'malformed-answer', retryable: true, applied: 'no' },
  );
}
