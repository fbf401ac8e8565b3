/** Real on-call systems and trackers in local mode, each by its own switches; without any of a kind the stand-ins answer. */
import * as z from 'zod';

const token = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without spaces');
const OnCall = z.object({
  pagerduty: z.object({ token, apiUrl: z.url().default('https://api.pagerduty.com') }).optional(),
  opsgenie: z.object({ token, apiUrl: z.url().default('https://api.opsgenie.com') }).optional(),
  ical: z.object({ hosts: z.array(z.string().regex(/^[a-z0-9.-]+$/)).min(1) }).optional(),
});
const Tickets = z.object({
  jira: z.object({ site: z.url(), email: token, token }).optional(),
  github: z.object({ token, apiUrl: z.url().default('https://api.github.com') }).optional(),
});

export type OutsideSettings = {
  /** Null: the stand-ins. */
  readonly onCall: z.infer<typeof OnCall> | null;
  readonly tickets: z.infer<typeof Tickets> | null;
};

/** @throws Error naming the switches of the part that is wrong, never a value */
export function outsideSettings(
  env: Readonly<Record<string, string | undefined>>,
): OutsideSettings {
  const given = (name: string) => env[name] || undefined;
  const at = (name: string, url: string) => ({ token: given(name), apiUrl: given(url) });
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
    onCall: read(OnCall, onCall, 'PAGERDUTY_*, OPSGENIE_* and ICAL_HOSTS'),
    tickets: read(Tickets, tickets, 'JIRA_* and ISSUES_GITHUB_*'),
  };
}

function read<T>(schema: z.ZodType<T>, written: object, names: string): T | null {
  if (Object.keys(written).length === 0) return null;
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The switches ${names} are wrong: ${wrong.join('; ')}.`);
}
