/**
 * The port TicketBook over Jira Cloud and GitHub Issues, each answer remembered for less than a minute. Only "there is none" is
 * `missing`; a refused token, a redirect (a ticket that was moved) or a strange shape is a Fault: nobody guesses.
 */
import * as z from 'zod';
import type { Tracker } from '../../domain/policy/schema/ticket.ts';
import type { TicketBook, TicketStanding } from '../../ports-outside.ts';
import { boundedGet, jsonOf, type Outside, outsideFault, statusFault } from '../bounded-get.ts';
import { remembered } from '../remembered.ts';

const Visible = z.string().regex(/^[\x21-\x7e]+$/);

/** What the secret of the trackers holds: each part only where the policy uses it. */
export const TicketSettings = z.object({
  jira: z
    .object({
      /** `https://acme.atlassian.net` */
      site: z.url(),
      /** Account of the API token; it needs no more than to browse the projects. */
      email: Visible,
      token: Visible,
    })
    .optional(),
  github: z
    .object({
      /** Fine-grained, with Issues: read-only. */
      token: Visible,
      apiUrl: z.url().default('https://api.github.com'),
    })
    .optional(),
});
export type TicketSettings = z.infer<typeof TicketSettings>;

export function trackers(
  settings: () => Promise<TicketSettings>,
  outside: Pick<Outside, 'fetch'> = {},
): TicketBook {
  const known = remembered(async (id: string): Promise<Ticket> => {
    const { jira, github } = await settings();
    const [tracker, key] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
    if (tracker === 'jira' && jira) return jiraTicket(jira, key, outside);
    if (tracker === 'github' && github) return githubTicket(github, key, outside);
    const name = tracker === 'jira' ? 'Jira' : 'GitHub Issues';
    throw outsideFault(name, 'is not configured: put it into the secret Tickets.');
  });
  const ticket = (tracker: Tracker, key: string, now: Date) => known(`${tracker}:${key}`, now);
  return {
    standing: async (...asked) => (await ticket(...asked)).standing,
    title: async (...asked) => (await ticket(...asked)).title,
  };
}

type Ticket = { readonly standing: TicketStanding; readonly title: string | null };
const MISSING: Ticket = { standing: 'missing', title: null };

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get */
const JiraIssue = z.object({
  key: z.string(),
  fields: z.object({
    summary: z.string().nullish(),
    status: z.object({
      statusCategory: z.object({ key: z.enum(['new', 'indeterminate', 'done', 'undefined']) }),
    }),
  }),
});

async function jiraTicket(
  { site, email, token }: NonNullable<TicketSettings['jira']>,
  key: string,
  outside: Pick<Outside, 'fetch'>,
): Promise<Ticket> {
  const name = 'Jira';
  const url = new URL(`/rest/api/3/issue/${encodeURIComponent(key)}`, site);
  url.searchParams.set('fields', 'status,summary');
  const basic = Buffer.from(`${email}:${token}`).toString('base64');
  const got = await boundedGet({ name, ...outside }, url, {
    accept: 'application/json',
    authorization: `Basic ${basic}`,
  });
  if (got.status === 404) return MISSING;
  if (got.status !== 200) throw statusFault(name, got.status);
  const issue = JiraIssue.safeParse(jsonOf(name, got.text));
  if (!issue.success) throw outsideFault(name, 'answered in a shape nobody promised.');
  const { status, summary = null } = issue.data.fields;
  return { standing: status.statusCategory.key === 'done' ? 'closed' : 'open', title: summary };
}

/** https://docs.github.com/en/rest/issues/issues#get-an-issue; a pull request is no ticket. */
const GithubIssue = z.object({
  number: z.int(),
  state: z.enum(['open', 'closed']),
  title: z.string().nullish(),
  pull_request: z.looseObject({}).optional(),
});
const GITHUB_KEY = /^([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)#([0-9]+)$/;

async function githubTicket(
  { token, apiUrl }: NonNullable<TicketSettings['github']>,
  key: string,
  outside: Pick<Outside, 'fetch'>,
): Promise<Ticket> {
  const name = 'GitHub Issues';
  const [, owner = '', repo = '', number = ''] = GITHUB_KEY.exec(key) ?? [];
  if (number === '' || repo === '.' || repo === '..') return MISSING;
  const base = apiUrl.replace(/\/+$/, '');
  const got = await boundedGet(
    { name, ...outside },
    new URL(`${base}/repos/${owner}/${repo}/issues/${number}`),
    {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'hallpass',
    },
  );
  if (got.status === 404 || got.status === 410) return MISSING;
  if (got.status !== 200) throw statusFault(name, got.status);
  const issue = GithubIssue.safeParse(jsonOf(name, got.text));
  if (!issue.success) throw outsideFault(name, 'answered in a shape nobody promised.');
  const { state, title = null, pull_request } = issue.data;
  return pull_request ? MISSING : { standing: state, title };
}
