/**
 * GitLab's `expires_at` is a date, and the membership is over when that date begins, in the instance's time zone (UTC
 * unless somebody changed it). Ours is an instant. There and back gives the same date; an instant within a day becomes
 * the day after, so that GitLab's own end is never before ours.
 */
const DAY_MS = 86_400_000;

/** The first midnight at or after the instant, as a date. */
export function dateOf(until: string | null): string | null {
  if (until === null) return null;
  const midnight = Math.ceil(Date.parse(until) / DAY_MS) * DAY_MS;
  return new Date(midnight).toISOString().slice(0, 10);
}

export const instantOf = (date: string | null): string | null =>
  date === null ? null : `${date}T00:00:00.000Z`;
