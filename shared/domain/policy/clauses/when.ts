/** The condition of a rule at this moment. Unmet it refuses; it never falls through to a later rule. */
import type { PolicyRefusal } from '../refusal.ts';
import type { Situation } from '../verdict.ts';
import { isWorkingTime } from '../working-hours.ts';

export function unmetCondition({ policy, rule, facts }: Situation): PolicyRefusal | null {
  if (rule.when === undefined) return null;
  const { timezone, working_hours: hours } = policy;
  const wanted = rule.when.working_hours;
  if (hours && isWorkingTime(hours, timezone, facts.now) === wanted) return null;
  const code = wanted ? 'outside-working-hours' : 'inside-working-hours';
  return { code, rule: rule.id, timezone, hours: hours ?? null };
}
