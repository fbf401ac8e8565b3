/** When the access of an ask would begin: now, or at its later start. */
import type { Situation } from '../verdict.ts';

export function beginsAt({
  ask: { start },
  facts: { now },
}: Pick<Situation, 'ask' | 'facts'>): Date {
  return start ? new Date(Math.max(Date.parse(start.notBefore), now.getTime())) : now;
}
