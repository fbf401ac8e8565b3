/** The single values of the policy file: names, ids, patterns, times. Each says what it is not and how to write it. Durations become seconds. */
import * as z from 'zod';
import { parseDuration } from '../../duration.ts';

const LONGEST_DURATION_SECONDS = 365 * 86_400;

const text = (pattern: RegExp, message: string, fix: string) =>
  z.string().refine((value) => pattern.test(value), { message, params: { fix } });

export const Name = text(
  /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
  'This is not a name',
  'Use 1 to 63 plain letters, digits, ".", "_" and "-", a letter first',
);
export const ProviderName = text(
  /^[a-z][a-z0-9-]{0,30}$/,
  'This is not the name of a provider',
  'Use lower-case letters, digits and "-", for example github',
);
export const Login = text(
  /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/,
  'This is not a login',
  "Write the account's login at the provider, without @ in front",
);
export const Email = text(
  /^[^\s@<>,;:"]{1,64}@[A-Za-z0-9.-]{1,180}$/,
  'This is not an e-mail address',
  'Write it as ana@acme.example',
);
export const SlackPerson = text(
  /^[UW][A-Z0-9]{2,20}$/,
  'This is not a Slack member id',
  'Write the member id (U… or W…): profile, three dots, "Copy member ID"',
);
export const SlackUserGroup = text(
  /^S[A-Z0-9]{2,20}$/,
  'This is not the id of a Slack user group',
  'Write the id of the group (S…), not its handle',
);
export const SlackChannel = text(
  /^[CG][A-Z0-9]{2,20}$/,
  'This is not a Slack channel id',
  'Write the channel id (C…): channel details, at the bottom',
);
export const EntitlementId = text(
  /^[a-z][a-z0-9-]{0,30}:[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/,
  'This is not the id of an entitlement',
  'Write provider:resource, for example github:acme/deployers',
);
export const Resource = text(
  /^[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/,
  'This is not the name of a resource',
  'Write it as the provider shows it in its address, for example acme/deployers',
);
export const EntitlementGlob = text(
  /^[A-Za-z0-9._/@+:*-]{1,200}$/,
  'This is neither an entitlement nor a pattern for entitlements',
  'Write an id, or an id with * for any run of characters; nothing else is special',
);
export const TimeOfDay = text(
  /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/,
  'This is not a time of day',
  'Write it as "08:00", 00:00 to 23:59',
);
export const TimeZone = text(
  /^[A-Za-z][A-Za-z0-9_+/-]{1,50}$/,
  'This is not a time zone',
  '',
).refine(isTimeZone, {
  message: 'This is not a time zone',
  params: { fix: 'Write a name such as Europe/Berlin' },
});

/** Asking Intl costs more than all the rest of a small policy; what it does not know is never kept. */
const known = new Set<string>();

function isTimeZone(name: string): boolean {
  // Stryker disable next-line ConditionalExpression: asked again Intl says the same
  if (known.has(name)) return true;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    known.add(name);
    return true;
  } catch {
    return false;
  }
}

const duration = (accept: (written: string) => number | null, fix: string) =>
  z.string().transform((written, context) => {
    const seconds = accept(written);
    if (seconds !== null && seconds <= LONGEST_DURATION_SECONDS) return seconds;
    context.addIssue({ code: 'custom', message: 'This is not a duration', params: { fix } });
    return z.NEVER;
  });
export const Duration = duration(
  parseDuration,
  'Write 90m, 2h, 1h30m or 2d: at least 1m, at most 365d',
);
export const Hold = duration(
  (written) => (/^0[mhd]$/.test(written) ? 0 : parseDuration(written)),
  'Write 0m, 90m, 2h, 1h30m or 2d: at most 365d',
);

/** A date and time of the policy's time zone. */
export const LocalMoment = text(
  /^2[0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]$/,
  'This is not a date and time',
  'Write it as "2026-12-20T18:00": the clock of the policy\'s timezone',
).refine((value) => isDate(value.slice(0, 10)), {
  message: 'There is no such day',
  params: { fix: 'Correct the date' },
});
/** A time of the week. */
export const WeekMoment = text(
  /^(?:mon|tue|wed|thu|fri|sat|sun) (?:[01][0-9]|2[0-3]):[0-5][0-9]$/,
  'This is not a time of the week',
  'Write it as "fri 16:00"',
);

function isDate(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00.000Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
