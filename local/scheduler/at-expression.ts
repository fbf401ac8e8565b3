/**
 * Schedule expressions, as far as the embedded scheduler runs them: `at(yyyy-mm-ddThh:mm:ss)` in a time zone. A wall-clock
 * time that occurs twice means its first occurrence; one that a change to summer time skips means as much later.
 */
import { invalid } from './api-error.ts';

const dayMs = 24 * 3600 * 1000;

/** @returns the instant in milliseconds. @throws ApiError `ValidationException` */
export function parseAt(expression: string, timezone: string): number {
  if (/^(rate|cron)\(.*\)$/.test(expression))
    throw invalid(
      `Schedule Expression ${expression} is not supported here: the embedded scheduler runs one-time at(yyyy-mm-ddThh:mm:ss) schedules only, no rate() and no cron().`,
    );
  const match = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression);
  const wall = Date.parse(`${match?.[1]}Z`);
  // Date.parse accepts 30 February and 24:00; AWS does not.
  if (match === null || Number.isNaN(wall) || wallText(wall) !== match[1])
    throw invalid(`Invalid Schedule Expression ${expression}.`);
  const [before, after] = [wall - dayMs, wall + dayMs].map(
    (near) => wall - offsetAt(near, timezone),
  );
  const candidates = [before ?? wall, after ?? wall].sort((a, b) => a - b);
  const real = candidates.find((instant) => instant + offsetAt(instant, timezone) === wall);
  return real ?? before ?? wall;
}

const wallText = (instant: number): string => new Date(instant).toISOString().slice(0, 19);

/** How far the zone's clocks are ahead of UTC at the instant. */
function offsetAt(instant: number, timezone: string): number {
  const parts = zoneFormat(timezone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((p) => p.type === type)?.value.padStart(2, '0') ?? '';
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return Date.parse(`${date}T${part('hour')}:${part('minute')}:${part('second')}Z`) - instant;
}

function zoneFormat(timezone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    throw invalid(`Invalid Schedule Expression Timezone ${timezone}.`);
  }
}
