/**
 * Stand-ins for what a decision asks beside Slack and the providers: PagerDuty, Opsgenie, a calendar, Jira and GitHub Issues, each
 * at its own address and in its own shape. Nothing of it is on the network: the adapters are given `fetch`. Schedules and tickets
 * survive a restart; whoever was never put on a schedule is not on call, and a ticket that nobody opened is not there, but for the
 * few of the seed.
 */
import { Hono } from 'hono';
import * as z from 'zod';
import { openDurableMap } from '../durable-map.ts';
import { calendarText } from './calendar-text.ts';

const Shift = z.object({ emails: z.array(z.string()) });
const Standing = z.enum(['open', 'closed', 'missing']);
export const OUTSIDE = {
  pagerduty: { token: 'local-pagerduty', apiUrl: 'https://api.pagerduty.com' },
  opsgenie: { token: 'local-opsgenie', apiUrl: 'https://api.opsgenie.com' },
  ical: { hosts: ['calendar.acme.example'] },
  jira: { site: 'https://acme.atlassian.net', email: 'bot@acme.example', token: 'local-jira' },
  github: { token: 'local-issues', apiUrl: 'https://api.github.com' },
} as const;
const JIRA_BASIC = `Basic ${Buffer.from(`${OUTSIDE.jira.email}:${OUTSIDE.jira.token}`).toString('base64')}`;

export type OutsideOptions = {
  /** Names the file of one kept map; null keeps it in memory. */
  file(name: string): string | null;
  now(): Date;
  /** What every fresh local world starts with; nothing without it. */
  seed?: OutsideSeed;
};
export type OutsideSeed = {
  /** Schedule -> e-mail addresses of who is on call. */
  readonly onCall: Readonly<Record<string, readonly string[]>>;
  readonly tickets: Readonly<Record<string, 'open' | 'closed'>>;
};
const NOTHING: OutsideSeed = { onCall: {}, tickets: {} };
export type OutsideStandIn = ReturnType<typeof openOutsideStandIn>;

export function openOutsideStandIn({ file, now, seed = NOTHING }: OutsideOptions) {
  const shifts = openDurableMap(file('on-call'), (value) => Shift.parse(value));
  const tickets = openDurableMap(file('tickets'), (value) => Standing.parse(value));
  const troubled = new Map<string, number>();
  const asked: string[] = [];
  const seeded = {
    onCall: new Map(Object.entries(seed.onCall)),
    tickets: new Map(Object.entries(seed.tickets)),
  };
  const onCall = (schedule: string): readonly string[] =>
    shifts.get(schedule)?.emails ?? seeded.onCall.get(schedule) ?? [];
  const ticket = (key: string) => {
    const standing = tickets.get(key) ?? seeded.tickets.get(key);
    return standing === 'missing' ? undefined : standing;
  };
  const hosts: Readonly<Record<string, Hono>> = {
    'api.pagerduty.com': pagerduty(onCall, now),
    'api.opsgenie.com': opsgenie(onCall),
    'calendar.acme.example': calendar(onCall, now),
    'acme.atlassian.net': jira(ticket),
    'api.github.com': githubIssues(ticket),
  };
  const fetch = async (url: URL, init: RequestInit): Promise<Response> => {
    asked.push(`${url.hostname}${url.pathname}`);
    const status = troubled.get(url.hostname);
    const host = hosts[url.hostname];
    if (status !== undefined) return new Response('trouble', { status });
    return host
      ? host.fetch(new Request(url, init))
      : new Response('no such host', { status: 502 });
  };
  return {
    fetch,
    controls: {
      /** From now on these people (e-mail addresses) are on call there, and nobody else. */
      putOnCall: (schedule: string, emails: readonly string[]) =>
        shifts.set(schedule, { emails: [...emails] }),
      /** A ticket with this key is open or closed from now on; null: there is none. */
      setTicket: (key: string, standing: 'open' | 'closed' | null) =>
        tickets.set(key, standing ?? 'missing'),
      /** Schedule -> e-mail addresses, of every schedule that was ever filled. */
      shifts: (): ReadonlyMap<string, readonly string[]> =>
        new Map(
          [...seeded.onCall.keys(), ...shifts.entries().map(([name]) => name)].map((name) => [
            name,
            onCall(name),
          ]),
        ),
      /** Key -> how it stands, of every ticket that is there. */
      tickets: (): ReadonlyMap<string, 'open' | 'closed'> =>
        new Map(
          [...seeded.tickets.keys(), ...tickets.entries().map(([key]) => key)].flatMap((key) => {
            const standing = ticket(key);
            return standing ? [[key, standing]] : [];
          }),
        ),
      /** Every answer of this host has this status from now on; null: it is well again. */
      trouble(host: string, status: number | null) {
        if (status === null) troubled.delete(host);
        else troubled.set(host, status);
      },
      /** What was asked so far, as host and path. */
      asked: (): readonly string[] => asked,
    },
    close() {
      shifts.close();
      tickets.close();
    },
  };
}

type OnCallOf = (schedule: string) => readonly string[];
const idOf = (email: string): string =>
  `P${email
    .replace(/[^a-z0-9]/gi, '')
    .toUpperCase()
    .slice(0, 12)}`;

function pagerduty(onCall: OnCallOf, now: () => Date): Hono {
  const app = new Hono();
  app.get('/oncalls', (c) => {
    if (c.req.header('authorization') !== `Token token=${OUTSIDE.pagerduty.token}`)
      return c.json({ error: { message: 'Unauthorized', code: 2006 } }, 401);
    const schedules = c.req.queries('schedule_ids[]') ?? [];
    const oncalls = schedules.flatMap((id) =>
      onCall(id).map((email) => ({
        escalation_policy: { id: 'PLOCAL', type: 'escalation_policy_reference' },
        escalation_level: 1,
        schedule: { id, type: 'schedule_reference' },
        user: { id: idOf(email), type: 'user', email },
        start: new Date(now().getTime() - 3_600_000).toISOString(),
        end: new Date(now().getTime() + 3_600_000).toISOString(),
      })),
    );
    return c.json({ oncalls, limit: 100, offset: 0, more: false, total: null });
  });
  return app;
}

function opsgenie(onCall: OnCallOf): Hono {
  const app = new Hono();
  app.get('/v2/schedules/:id/on-calls', (c) => {
    if (c.req.header('authorization') !== `GenieKey ${OUTSIDE.opsgenie.token}`)
      return c.json({ message: 'Key format is not valid!' }, 401);
    const id = c.req.param('id');
    const data = { _parent: { id, name: id, enabled: true }, onCallRecipients: [...onCall(id)] };
    return c.json({ data, took: 0.1, requestId: 'local' });
  });
  return app;
}

function calendar(onCall: OnCallOf, now: () => Date): Hono {
  const app = new Hono();
  app.get('/:name', (c) => {
    const text = calendarText(onCall(c.req.param('name')), now());
    return c.body(text, 200, { 'content-type': 'text/calendar; charset=utf-8' });
  });
  return app;
}

/** Anybody may write anything over a ticket. */
const titleOf = (key: string): string => `What ${key} is about <!channel>`;
type TicketOf = (key: string) => 'open' | 'closed' | undefined;

function jira(ticket: TicketOf): Hono {
  const app = new Hono();
  app.get('/rest/api/3/issue/:key', (c) => {
    if (c.req.header('authorization') !== JIRA_BASIC)
      return c.text('Client must be authenticated', 401);
    const key = c.req.param('key');
    const standing = ticket(key);
    if (!standing) return c.json({ errorMessages: ['Issue does not exist.'], errors: {} }, 404);
    const statusCategory = { key: standing === 'closed' ? 'done' : 'indeterminate' };
    return c.json({
      id: '10000',
      key,
      fields: { summary: titleOf(key), status: { name: standing, statusCategory } },
    });
  });
  return app;
}

function githubIssues(ticket: TicketOf): Hono {
  const app = new Hono();
  app.get('/repos/:owner/:repo/issues/:number', (c) => {
    if (c.req.header('authorization') !== `Bearer ${OUTSIDE.github.token}`)
      return c.json({ message: 'Bad credentials' }, 401);
    const { owner, repo, number } = c.req.param();
    const state = ticket(`${owner}/${repo}#${number}`);
    return state
      ? c.json({ number: Number(number), state, title: titleOf(number) })
      : c.json({ message: 'Not Found' }, 404);
  });
  return app;
}
