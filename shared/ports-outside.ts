/**
 * Systems beside Slack and the providers that a decision may ask: who is on call, and how a ticket stands. Both are read only.
 * Every method throws a Fault when there is no clear answer, also where the system was never configured.
 */
import type { OnCallPerson } from './domain/policy/on-call.ts';
import type { Tracker } from './domain/policy/schema/ticket.ts';

export type OnCallPlace = {
  readonly system: 'pagerduty' | 'opsgenie' | 'ical';
  /** Id or name of the schedule there, or the calendar's address. */
  readonly id: string;
};

export interface OnCall {
  /** Everybody who is on call now; nobody is an answer, too. At most a minute old. @throws Fault */
  onCallNow(place: OnCallPlace, now: Date): Promise<readonly OnCallPerson[]>;
}

/** `missing`: the tracker says that there is none, or none that we may see. */
export type TicketStanding = 'open' | 'closed' | 'missing';

export interface TicketBook {
  /** `key`: `INC-123` at Jira, `owner/repo#12` at GitHub. At most a minute old. @throws Fault */
  standing(tracker: Tracker, key: string, now: Date): Promise<TicketStanding>;
  /** What somebody wrote over it, as it is now; null where there is none to see. Words to show, never to decide by. @throws Fault */
  title(tracker: Tracker, key: string, now: Date): Promise<string | null>;
}
