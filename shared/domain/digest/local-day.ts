/**
 * Calendar days and times of day in a time zone, as instants. A day is what the zone's own clock says: 23, 24 or 25 hours, or
 * none at all where a zone skipped a date. Pure arithmetic on what Intl knows about zones; never adds 24 hours to anything.
 */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A date on the wall calendar, `2026-11-22`. */
export type Day = string;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const two = '2-digit' as const;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
  });
  formats.set(timezone, made);
  return made;
}

/** What the clock on the wall shows, written as if it were UTC: only good to compare and to subtract. */
function wallMs(instantMs: number, timezone: string): number {
  const wholeSecond = Math.floor(instantMs / 1000) * 1000;
  const shown = new Map<string, number>(
    formatIn(timezone)
      .formatToParts(wholeSecond)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: string): number => shown.get(type) ?? 0;
  return (
    Date.UTC(part('year'), part('month') - 1, part('day')) +
    part('hour') * HOUR_MS +
    part('minute') * 60_000 +
    part('second') * 1000 +
    (instantMs - wholeSecond)
  );
}

const midnightMs = (day: Day): number => Date.parse(`${day}T00:00:00.000Z`);
const dayOfMs = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

export const dayOf = (instant: Date, timezone: string): Day =>
  dayOfMs(wallMs(instant.getTime(), timezone));
export const dayAfter = (day: Day): Day => dayOfMs(midnightMs(day) + DAY_MS);
export const dayBefore = (day: Day): Day => dayOfMs(midnightMs(day) - DAY_MS);

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const weekdayOf = (day: Day): Weekday =>
  WEEKDAYS[new Date(midnightMs(day)).getUTCDay()] ?? 'sun';

export const startOfDay = (day: Day, timezone: string): Date =>
  comingOf({ day, minute: 0 }, timezone, Math.min);

/**
 * The first instant at which the zone's clock shows this time on this day. A time that the day skips: the instant of the jump,
 * which may be the start of the next day. A time that comes twice: its first coming.
 */
export const momentOf = (day: Day, time: string, timezone: string): Date =>
  comingOf({ day, minute: minuteOf(time) }, timezone, Math.min);

/** As `momentOf`; a time that comes twice: its last coming. */
export const lastMomentOf = (day: Day, time: string, timezone: string): Date =>
  comingOf({ day, minute: minuteOf(time) }, timezone, Math.max);

function comingOf(
  { day, minute }: { day: Day; minute: number },
  timezone: string,
  choose: (...instants: number[]) => number,
): Date {
  const wanted = midnightMs(day) + minute * 60_000;
  const offsets = offsetsAround(wanted, timezone);
  const shown = offsets
    .map((offset) => wanted - offset)
    .filter((instant) => wallMs(instant, timezone) === wanted);
  return new Date(shown.length > 0 ? choose(...shown) : jumpOver(wanted, offsets, timezone));
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** No zone is further from UTC than this; none moves its clock twice within the two ends. */
const FARTHEST_MS = 15 * HOUR_MS;

/** Distance to UTC before and after any change of the clock around a time. */
function offsetsAround(wanted: number, timezone: string): number[] {
  const ends = [wanted - FARTHEST_MS, wanted + FARTHEST_MS];
  return [...new Set(ends.map((instant) => wallMs(instant, timezone) - instant))];
}

/** The clock never shows it: the instant at which it jumps past it. */
function jumpOver(wanted: number, offsets: readonly number[], timezone: string): number {
  let before = wanted - Math.max(...offsets);
  let after = wanted - Math.min(...offsets);
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (wallMs(middle, timezone) < wanted) before = middle;
    else after = middle;
  }
  return after;
}
