/** Is this instant inside the policy's working hours? Wall clock of the policy's time zone, so daylight saving needs no rule of its own. */
import type { WorkingHours } from './policy.ts';

const DAYS: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const formats = new Map<string, Intl.DateTimeFormat>();

/** One for each zone: to make it costs far more than to use it. */
function formatIn(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  // Stryker disable next-line ConditionalExpression: made again it says the same
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timezone, made);
  return made;
}

function wallClock(now: Date, timezone: string): { day: number; minute: number } {
  const parts = new Map<string, string>();
  for (const { type, value } of formatIn(timezone).formatToParts(now)) parts.set(type, value);
  const day = DAYS.indexOf(String(parts.get('weekday')).toLowerCase());
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** `to` is exclusive. A window across midnight belongs to the day on which it began. */
export function isWorkingTime(hours: WorkingHours, timezone: string, now: Date): boolean {
  const { day, minute } = wallClock(now, timezone);
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  const isWorkday = (index: number) => hours.days.some((name) => name === DAYS[index]);
  // Stryker disable next-line EqualityOperator: the schema knows no hours that end as they begin
  if (from < to) return isWorkday(day) && minute >= from && minute < to;
  return (isWorkday(day) && minute >= from) || (isWorkday((day + 6) % 7) && minute < to);
}
