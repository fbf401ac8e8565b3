/** Real on-call systems and trackers in local mode, each by its own switches; without any of a kind the stand-ins answer. */
import type * as z from 'zod';
import { OnCallSettings } from '../../shared/adapters/on-call/on-call.ts';
import { TicketSettings } from '../../shared/adapters/tickets/trackers.ts';

export type OutsideSettings = {
  /** Null: the stand-ins. */
  readonly onCall: OnCallSettings | null;
  readonly tickets: TicketSettings | null;
};

type Env = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the switches of the part that is wrong, never a value */
export function outsideSettings(env: Env): OutsideSettings {
  const given = (name: string) => env[name] || undefined;
  const at = (token: string, url: string) => ({ token: given(token), apiUrl: given(url) });
  const onCall = {
    ...(given('PAGERDUTY_TOKEN') && { pagerduty: at('PAGERDUTY_TOKEN', 'PAGERDUTY_API_URL') }),
    ...(given('OPSGENIE_TOKEN') && { opsgenie: at('OPSGENIE_TOKEN', 'OPSGENIE_API_URL') }),
    ...(given('ICAL_HOSTS') && { ical: { hosts: given('ICAL_HOSTS')?.split(/[ ,]+/) } }),
  };
  const tickets = {
    ...(given('JIRA_SITE') && {
      jira: { site: given('JIRA_SITE'), email: given('JIRA_EMAIL'), token: given('JIRA_TOKEN') },
    }),
    ...(given('ISSUES_GITHUB_TOKEN') && {
      github: at('ISSUES_GITHUB_TOKEN', 'ISSUES_GITHUB_API_URL'),
    }),
  };
  return {
    onCall: read(OnCallSettings, onCall, 'PAGERDUTY_*, OPSGENIE_* and ICAL_HOSTS'),
    tickets: read(TicketSettings, tickets, 'JIRA_* and ISSUES_GITHUB_*'),
  };
}

function read<T>(schema: z.ZodType<T>, written: object, names: string): T | null {
  if (Object.keys(written).length === 0) return null;
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The switches ${names} are wrong: ${wrong.join('; ')}.`);
}
