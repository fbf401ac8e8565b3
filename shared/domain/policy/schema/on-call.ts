/** Who is on call is asked of the system that keeps the schedule; the policy only names it. */
import * as z from 'zod';
import { strict } from './strict.ts';

const MOST_CHARACTERS = 200;

const Schedule = z.string().refine((id) => /^P[A-Z0-9]{3,30}$/.test(id), {
  message: 'This is not the id of a PagerDuty schedule',
  params: { fix: 'Write the id at the end of the schedule’s address, for example P123ABC' },
});
const OpsgenieSchedule = z.string().refine((name) => /^[^\p{C}]{1,100}$/u.test(name), {
  message: 'This is not an Opsgenie schedule',
  params: { fix: 'Write the schedule’s name or its id' },
});
const Calendar = z.string().refine((url) => url.length <= MOST_CHARACTERS && isPlainHttps(url), {
  message: 'This is not the address of a calendar',
  params: { fix: 'Write its https address, without a user, a password or a port' },
});

function isPlainHttps(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { protocol, username, password, port, hash } = new URL(written);
  return protocol === 'https:' && `${username}${password}${port}${hash}` === '';
}

/** Exactly one of them. */
export const OnCallSource = strict({
  /** Schedule at PagerDuty, by id. Its people: `accounts: { pagerduty: PUSER }`, or `email`. */
  pagerduty: Schedule.optional(),
  /** Schedule at Opsgenie, by name or id. Its people: `accounts: { opsgenie: user name }`, or `email`. */
  opsgenie: OpsgenieSchedule.optional(),
  /** Calendar (RFC 5545) whose events name who is on call by e-mail: as an attendee, or in the title. Its people: `email`. */
  ical: Calendar.optional(),
}).refine((source) => Object.values(source).filter((each) => each !== undefined).length === 1, {
  message: 'Who is on call is written in one place',
  params: { fix: 'Name exactly one of pagerduty, opsgenie and ical' },
});
export type OnCallSource = z.infer<typeof OnCallSource>;
