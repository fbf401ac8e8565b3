/** When: at once, or later within what the rule allows ahead. Judged when it is asked; that its time has come since is no reason to refuse. */
import type { PolicyRefusal } from '../refusal.ts';
import type { Situation } from '../verdict.ts';

export function wrongStart({ rule, ask, facts }: Situation): PolicyRefusal | null {
  const { start, justification } = ask;
  if (!start || 'accepted' in justification) return null;
  const { notBefore, until } = start;
  if (notBefore <= facts.now.toISOString()) return { code: 'start-in-the-past', at: notBefore };
  // Stryker disable next-line ConditionalExpression: nothing is no earlier than any time
  if (until !== null && until <= notBefore) return { code: 'window-empty', notBefore, until };
  const latest = new Date(facts.now.getTime() + rule.start_within * 1000).toISOString();
  if ((until ?? notBefore) > latest)
    return { code: 'start-too-far', latest, withinSeconds: rule.start_within };
  return null;
}
