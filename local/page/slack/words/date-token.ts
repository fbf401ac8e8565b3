/**
 * Slack's date tokens (`{date_short_pretty} at {time}`) for one reader: in the reader's zone, "today" and its kin by the local
 * clock, which may have been pushed. An unknown token or an impossible instant answers null: the fallback text is shown then.
 */
export type Reader = { readonly timeZone: string; readonly now: Date };

const DAY_MS = 86_400_000;
const LOCALE = 'en-GB';
type Parts = Intl.DateTimeFormatOptions;

const DATES: Readonly<Record<string, Parts>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_slash: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  date_short_pretty: { year: 'numeric', month: 'short', day: 'numeric' },
  date_pretty: { year: 'numeric', month: 'long', day: 'numeric' },
  date_long_pretty: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  day_divider_pretty: { weekday: 'long', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

export function formatDateToken(seconds: number, format: string, reader: Reader): string | null {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return null;
  let known = true;
  const text = format.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => {
    const word = one(at, name, reader);
    if (word === null) known = false;
    return word ?? whole;
  });
  return known ? text : null;
}

function one(at: Date, name: string, reader: Reader): string | null {
  if (name === 'ago') return ago(at, reader.now);
  const parts = Object.hasOwn(DATES, name) ? DATES[name] : undefined;
  if (parts === undefined) return null;
  if (name === 'date_num') return isoDay(at, reader.timeZone);
  const near = name.endsWith('_pretty') ? nearDay(at, reader) : null;
  return near ?? inZone(at, parts, reader.timeZone);
}

export const inZone = (at: Date, parts: Parts, timeZone: string): string =>
  new Intl.DateTimeFormat(LOCALE, { ...parts, timeZone }).format(at);

/** `2026-11-22` where the reader is. */
export function isoDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at);
}

/** Whole days between calendar days, so that an hour before midnight is already "yesterday". */
function nearDay(at: Date, { timeZone, now }: Reader): string | null {
  const days = (Date.parse(isoDay(at, timeZone)) - Date.parse(isoDay(now, timeZone))) / DAY_MS;
  return (
    new Map([
      [-1, 'yesterday'],
      [0, 'today'],
      [1, 'tomorrow'],
    ]).get(days) ?? null
  );
}

function ago(at: Date, now: Date): string {
  const minutes = Math.round((at.getTime() - now.getTime()) / 60_000);
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) < 48
    ? words.format(hours, 'hour')
    : words.format(Math.round(hours / 24), 'day');
}
