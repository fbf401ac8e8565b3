/**
 * Does the rule need no human here? Decided while asking only: what waits is for people to decide. Never for somebody else, never
 * for later (its conditions are those of now), never for what is privileged, never where two humans are needed, and never beyond the budget.
 */
import { dayOf } from '../../digest/local-day.ts';
import { isInGroup } from '../on-call.ts';
import type { AutoApprove } from '../policy.ts';
import { usesOf } from '../usage.ts';
import type { Situation } from '../verdict.ts';
import { isWorkingTime } from '../working-hours.ts';

export function needsNobody(situation: Situation): boolean {
  const { rule, ask, entitlement, facts, rigour } = situation;
  const auto = rule.auto_approve;
  const places = rule.approvals.reduce((sum, { count }) => sum + count, 0);
  if (!auto || places > 1 || entitlement.privileged) return false;
  if (ask.breakGlass || ask.requester !== ask.subject || ask.start) return false;
  // Issuing what was decided without an approver: the moment and the budget were judged then. What people approved rests on them.
  if (!rigour.conditions) return facts.approvals.length === 0;
  return (
    ask.requestId === undefined &&
    conditionsHold(auto.when, situation) &&
    isAffordable(auto, situation)
  );
}

function conditionsHold(
  when: AutoApprove['when'],
  { policy, ask, cast, facts }: Situation,
): boolean {
  const { timezone, working_hours: hours } = policy;
  if (ask.durationSeconds > (when.max_duration ?? Number.POSITIVE_INFINITY)) return false;
  if (when.working_hours !== undefined) {
    if (!hours || isWorkingTime(hours, timezone, facts.now) !== when.working_hours) return false;
  }
  if (when.on_call === undefined) return true;
  const { slack } = cast.requester.member;
  return isInGroup({ policy, members: facts.groupMembers }, when.on_call, slack) === true;
}

/** Every grant without an approver of this human today, whatever for, counts. */
function isAffordable({ budget }: AutoApprove, { policy, ask, facts, rigour }: Situation): boolean {
  if (!facts.usage) return rigour.evidence !== 'fresh';
  const today = dayOf(facts.now, policy.timezone);
  const spent = usesOf(facts.usage, [ask.requester], {
    ...{ policy, facts },
    part: ['requester', 'subject'],
  }).filter(
    ({ auto, requestedAt }) => auto && dayOf(new Date(requestedAt), policy.timezone) === today,
  );
  return spent.length < budget.per_person_per_day;
}
