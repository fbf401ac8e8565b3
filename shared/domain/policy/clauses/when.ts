/** The conditions of a rule at this moment. Unmet it refuses; it never falls through to a later rule. */

import { isInGroup } from '../on-call.ts';
import type { PolicyRefusal } from '../refusal.ts';
import type { Situation } from '../verdict.ts';
import { isWorkingTime } from '../working-hours.ts';
import { beginsAt } from './begins.ts';

export const unmetCondition = (situation: Situation): PolicyRefusal | null =>
  wrongTime(situation) ?? notOnCall(situation);

/** What is asked for later must fit when it begins, and is judged once more then. */
function wrongTime(situation: Situation): PolicyRefusal | null {
  const { policy, rule } = situation;
  const wanted = rule.when?.working_hours;
  if (wanted === undefined) return null;
  const { timezone, working_hours: hours } = policy;
  if (hours && isWorkingTime(hours, timezone, beginsAt(situation)) === wanted) return null;
  const code = wanted ? 'outside-working-hours' : 'inside-working-hours';
  return { code, rule: rule.id, timezone, hours: hours ?? null };
}

/** Whoever asks must be on call: for whom, and who approves, is another question. */
function notOnCall({ policy, rule, facts, cast }: Situation): PolicyRefusal | null {
  const group = rule.when?.on_call;
  if (group === undefined) return null;
  const { slack } = cast.requester.member;
  const isIn = isInGroup({ policy, members: facts.groupMembers }, group, slack);
  if (isIn) return null;
  return isIn === null
    ? { code: 'group-unknown', groups: [group] }
    : { code: 'not-on-call', rule: rule.id, group };
}
