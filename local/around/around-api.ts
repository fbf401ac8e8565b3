/**
 * What decisions ask outside Hallpass, as local mode's controls show and change it: who is in a Slack user group, who is on call,
 * which tickets there are. People are Slack ids here; schedules know them by their e-mail address. A part that a switch replaced
 * by a real system is not shown, and cannot be changed from here.
 */
import { Hono } from 'hono';
import type { Embedded } from '../embedded.ts';
import type { Settings } from '../settings.ts';
import { type Around, AroundChange } from './shapes.ts';

type Parts = {
  readonly embedded: Pick<Embedded, 'slack' | 'outside'>;
  readonly settings: Pick<Settings, 'slack' | 'outside'>;
};

const EXAMPLES =
  '{"group":"S0PLATFORM","people":["U0ANA"]}, {"schedule":"PPRIMARY","people":["U0BO"]} or {"ticket":"OPS-7","is":"closed"}';

export function aroundApi(parts: Parts): Hono {
  const app = new Hono();
  app.get('/', (context) => context.json(aroundNow(parts)));
  app.post('/', async (context) => {
    const change = AroundChange.safeParse(await context.req.json().catch(() => undefined));
    if (!change.success) return context.json({ error: `Say one change: ${EXAMPLES}.` }, 400);
    const wrong = applied(parts, change.data);
    return wrong === null ? context.json(aroundNow(parts)) : context.json({ error: wrong }, 400);
  });
  return app;
}

function aroundNow({ embedded, settings }: Parts): Around {
  const { directory } = embedded.slack;
  const { controls } = embedded.outside;
  const byEmail = new Map(directory.people().map(({ id, email }) => [email, id]));
  const { onCall, tickets } = settings.outside;
  return {
    groups: settings.slack
      ? null
      : directory.userGroups().map(({ id, handle, users }) => ({ id, handle, people: [...users] })),
    onCall: onCall
      ? null
      : [...controls.shifts()].map(([schedule, emails]) => ({
          schedule,
          people: emails.map((email) => byEmail.get(email) ?? email),
        })),
    tickets: tickets ? null : [...controls.tickets()].map(([key, is]) => ({ key, is })),
  };
}

/** Null when it was done, else why not. */
function applied({ embedded, settings }: Parts, change: AroundChange): string | null {
  const { directory } = embedded.slack;
  const { controls } = embedded.outside;
  if ('ticket' in change) {
    if (settings.outside.tickets) return REAL;
    controls.setTicket(change.ticket, change.is === 'missing' ? null : change.is);
    return null;
  }
  const stranger = change.people.find((id) => directory.person(id) === undefined);
  if (stranger !== undefined) return `The workspace has nobody with the id ${stranger}.`;
  if ('group' in change) {
    if (settings.slack) return REAL;
    if (!directory.userGroups().some(({ id }) => id === change.group))
      return `The workspace has no user group ${change.group}.`;
    directory.changeUserGroup(change.group, change.people);
    return null;
  }
  if (settings.outside.onCall) return REAL;
  const emails = change.people.map((id) => directory.person(id)?.email ?? null);
  if (emails.includes(null)) return 'Who has no e-mail address can be on no schedule.';
  controls.putOnCall(
    change.schedule,
    emails.flatMap((email) => email ?? []),
  );
  return null;
}
const REAL = 'A real system answers here by its switches: change it there.';
