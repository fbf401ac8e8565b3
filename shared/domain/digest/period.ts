/**
 * Which digest is due. A period is one calendar day of the policy's zone, named by its date: the same date never comes twice,
 * however the clock or the zone changes. It may be made from its time of day until that day is over, then never again.
 */
import type { Policy } from '../policy/policy.ts';
import {
  type Day,
  dayAfter,
  dayBefore,
  dayOf,
  momentOf,
  startOfDay,
  weekdayOf,
} from './local-day.ts';

export type DigestPeriod = {
  readonly day: Day;
  readonly timezone: string;
  readonly dueAt: Date;
  /** The first instant of the next day: from then on nothing is made or posted for this one. */
  readonly endsAt: Date;
  /** The last digest day before this one. */
  readonly previousDay: Day;
  /** What has its counts told: from the start of that day to the start of this one. */
  readonly counted: { readonly from: Date; readonly to: Date };
};

type Timetable = Pick<Policy, 'timezone' | 'digest'>;

const DEFAULT_TIME = '09:00';
/** So long before its end a day's digest is due at the latest, so that some run still meets it. */
const LAST_CHANCE_MS = 30 * 60_000;

/** The period that is due now; null before its time, on a day without a digest, and when its day is over. */
export function periodAt(now: Date, policy: Timetable): DigestPeriod | null {
  const { timezone, digest } = policy;
  const day = dayOf(now, timezone);
  if (!isDigestDay(day, policy)) return null;
  const endsAt = startOfDay(dayAfter(day), timezone);
  const wished = momentOf(day, digest?.at ?? DEFAULT_TIME, timezone);
  const dueAt = new Date(Math.min(wished.getTime(), endsAt.getTime() - LAST_CHANCE_MS));
  if (now < dueAt || now >= endsAt) return null;
  const previousDay = digestDayBefore(day, policy);
  const counted = { from: startOfDay(previousDay, timezone), to: startOfDay(day, timezone) };
  return { day, timezone, dueAt, endsAt, previousDay, counted };
}

const isDigestDay = (day: Day, { digest }: Timetable): boolean =>
  digest?.days?.includes(weekdayOf(day)) ?? true;

/** Of a digest day: the same weekday a week before is one too, or a week before that where the zone skipped it. */
function digestDayBefore(day: Day, timetable: Timetable): Day {
  const before = dayBefore(day);
  const isOne = isDigestDay(before, timetable) && !isSkipped(before, timetable.timezone);
  return isOne ? before : digestDayBefore(before, timetable);
}

/** A date that the zone never had. */
const isSkipped = (day: Day, timezone: string): boolean =>
  startOfDay(day, timezone) >= startOfDay(dayAfter(day), timezone);
