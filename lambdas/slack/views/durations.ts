/** The times an approver may choose: what was asked for, and rounder ones below it. Pure; the decision judges what comes back. */
import { formatDuration, parseDuration } from '../../../shared/domain/duration.ts';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400] as const;
const ROUND = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 8, 12].map((count) => count * HOUR),
  ...[1, 2, 3, 7, 14, 30, 90, 180].map((count) => count * DAY),
];
const MOST_SHORTER = 6;

/** Seconds, longest first. */
export const shorterThan = (askedSeconds: number): number[] =>
  ROUND.filter((seconds) => seconds < askedSeconds)
    .slice(-MOST_SHORTER)
    .reverse();

/** `1h30m`, as people type it and as the form's choice is named. */
export const durationValue = (seconds: number): string =>
  formatDuration(seconds).replaceAll(' ', '');

/** What was chosen, in seconds: null for what was asked for, `unreadable` for what no form offers. */
export function chosenSeconds(
  chosen: string | null,
  askedSeconds: number,
): number | null | 'unreadable' {
  const value = chosen?.trim() ?? '';
  if (value === '' || value === durationValue(askedSeconds)) return null;
  return parseDuration(value) ?? 'unreadable';
}
