/** People, organizations and teams in the whole shape that GitHub's API description requires. */
import type { Context } from 'hono';
import type { Organization, Team, User } from './model.ts';
import type { World } from './world.ts';

const SINCE = '2024-01-01T00:00:00Z';
const nodeId = (kind: string, id: number) => Buffer.from(`04:${kind}${id}`).toString('base64');

/** The address under which this request reached the API, wherever the stand-in is mounted. */
export function apiBase(context: Context): string {
  const url = new URL(context.req.url);
  const start = url.pathname.search(/\/(?:orgs|organizations|users?)(?:\/|$)/);
  return url.origin + url.pathname.slice(0, start);
}

export function userBody(context: Context, user: User) {
  const url = `${apiBase(context)}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('User', user.id),
    avatar_url: `${url}/avatar`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
  };
}

/** What `GET /users/{username}` adds for everybody to see. */
export const publicUserBody = (context: Context, user: User) => ({
  ...userBody(context, user),
  name: null,
  company: null,
  blog: null,
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: SINCE,
  updated_at: SINCE,
});

export function organizationBody(context: Context, { login, id }: Organization) {
  const url = `${apiBase(context)}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('Organization', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${url}/avatar`,
    description: null,
  };
}

const teamOrganizationBody = (context: Context, organization: Organization) => ({
  ...organizationBody(context, organization),
  html_url: `https://github.com/${organization.login}`,
  has_organization_projects: false,
  has_repository_projects: false,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  type: 'Organization' as const,
  created_at: SINCE,
  updated_at: SINCE,
  archived_at: null,
});

function simpleTeamBody(context: Context, team: Team, organization: Organization) {
  const url = `${apiBase(context)}/organizations/${organization.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    url,
    html_url: `https://github.com/orgs/${team.org}/teams/${team.slug}`,
    name: team.slug,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization' as const,
  };
}

export function teamBody(context: Context, world: World, team: Team) {
  const organization = world.organization(team.org);
  if (organization === undefined) throw new Error(`Team ${team.slug} is of no organization`);
  const parent = team.parent === null ? undefined : world.team(team.org, team.parent);
  return {
    ...simpleTeamBody(context, team, organization),
    parent: parent === undefined ? null : simpleTeamBody(context, parent, organization),
    members_count: world.seats(team).filter((seat) => seat.state === 'active').length,
    repos_count: team.repositories.length,
    created_at: SINCE,
    updated_at: SINCE,
    organization: teamOrganizationBody(context, organization),
  };
}
