/** How long: at least a minute, at most what the rule allows at once. */
import type { PolicyRefusal } from '../refusal.ts';
import type { Situation } from '../verdict.ts';

const SHORTEST_SECONDS = 60;

export function wrongDuration({ rule, ask: { durationSeconds } }: Situation): PolicyRefusal | null {
  if (!(durationSeconds >= SHORTEST_SECONDS))
    return { code: 'duration-too-short', minSeconds: SHORTEST_SECONDS };
  return durationSeconds > rule.max_duration
    ? { code: 'duration-too-long', maxSeconds: rule.max_duration }
    : null;
}
