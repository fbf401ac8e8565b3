/** `until 17:30`: seconds to the next instant at which clocks of a time zone show that. Daylight saving is the zone's business. */
const TIME = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/;
const MINUTE_MS = 60_000;
const SEARCHED_MINUTES = 26 * 60;

/** Null for what is no time of day, and for one that the zone skips in the next day (it does not exist). */
export function secondsUntil(written: string, timezone: string, now: Date): number | null {
  const [, hour, minute] = TIME.exec(written) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const wanted = `${hour.padStart(2, '0')}:${minute}`;
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  });
  const first = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (let step = 0; step < SEARCHED_MINUTES; step += 1) {
    const instant = first + step * MINUTE_MS;
    if (clock.format(instant) === wanted) return Math.ceil((instant - now.getTime()) / 1000);
  }
  return null;
}
