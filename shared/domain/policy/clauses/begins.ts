/** When the access of an ask would begin: now, or at its later start. */
import type { Situation } from '../verdict.ts';

export function beginsAt({
  ask: { start },
  facts: { now },
}: Pick<Situation, 'ask' | 'facts'>): Date {
  return start && start.notBefore > now.toISOString() ? new Date(start.notBefore) : now;
}
