/** Instants as each reader's own clock shows them, with UTC where a client cannot. */
const SECOND_MS = 1000;

const fallback = (iso: string): string => `${iso.slice(0, 16)}Z`;

/** Day and time, "today" and "tomorrow" where they fit. */
export const dayAndTime = (iso: string): string =>
  `<!date^${seconds(iso)}^{date_short_pretty} at {time}|${fallback(iso)}>`;

export const timeOnly = (iso: string): string => `<!date^${seconds(iso)}^{time}|${fallback(iso)}>`;

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / SECOND_MS);

/** `3 min`, `2 h`, `less than a minute`: how long ago or how late. */
export function span(fromIso: string, to: Date): string {
  const minutes = Math.floor((to.getTime() - Date.parse(fromIso)) / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
