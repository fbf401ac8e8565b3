/**
 * The emergency's way: a rule of its own, no approval, a short cap, the requester's code whatever a rule says, and the incident it is
 * for. Working hours, freezes and limits do not stand in its way; a deny rule does. Nobody takes it who nobody could review.
 */
import { formatDuration } from '../../duration.ts';
import { redactSecrets } from '../../secret-text.ts';
import type { BreakGlassRule, Entitlement, Policy } from '../policy.ts';
import type { PolicyRefusal } from '../refusal.ts';
import { reviewersOf } from '../reviewers.ts';
import { ticketPattern } from '../ticket-pattern.ts';
import type { Ask, PolicyFacts, Verdict } from '../verdict.ts';

type Emergency = {
  readonly policy: Policy;
  readonly rule: BreakGlassRule;
  readonly ask: Ask;
  readonly entitlement: Entitlement;
  readonly facts: PolicyFacts;
};

const SHORTEST_SECONDS = 60;
/** A key of letters and digits with at least one digit; never a sentence. */
const INCIDENT = /^(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9_#-]{0,63}$/;

function breakGlassRefusal({ rule, ask }: Emergency): PolicyRefusal | null {
  const { max_duration: max } = rule.break_glass;
  if (ask.subject !== ask.requester)
    return { code: 'on-behalf-not-allowed', rule: rule.id, person: ask.subject };
  if (ask.durationSeconds < SHORTEST_SECONDS)
    return { code: 'duration-too-short', minSeconds: SHORTEST_SECONDS };
  if (ask.durationSeconds > max) return { code: 'duration-too-long', maxSeconds: max };
  if ('accepted' in ask.justification) return null;
  if (ask.start) return { code: 'start-not-available', rule: rule.id };
  if ('unwritten' in ask.justification && ask.incident === undefined) return null;
  return wrongIncident(rule, ask.incident ?? null);
}

function wrongIncident({ id, break_glass }: BreakGlassRule, incident: string | null) {
  const { incident: wanted, incident_pattern: source } = break_glass;
  const pattern = source ?? null;
  const missing = { code: 'incident-missing', rule: id, pattern } as const;
  if (incident === null) return wanted === 'required' ? missing : null;
  // A token pasted by mistake has the shape of a key too, and would stand in the log for good.
  if (!INCIDENT.test(incident) || redactSecrets(incident).text !== incident) return missing;
  if (pattern === null) return null;
  const compiled = ticketPattern(pattern);
  return compiled.ok && compiled.value.first(incident) !== null ? null : missing;
}

export function breakGlassVerdict(emergency: Emergency): Verdict {
  const { policy, rule, ask, entitlement, facts } = emergency;
  const { max_duration: max, per_person_per_week, review_within } = rule.break_glass;
  const reasons = [`Rule ${rule.id} is the break-glass rule that covers this entitlement.`];
  const no = (refusal: PolicyRefusal): Verdict => ({
    ...{ permitted: false, rule: rule.id, refusal },
    reasons: [...reasons, `Refused: ${refusal.code}.`],
  });
  const refusal = breakGlassRefusal(emergency);
  if (refusal) return no(refusal);
  const reviewers = reviewersOf(policy, ask, facts);
  if (reviewers.length === 0) return no({ code: 'nobody-can-review', rule: rule.id });
  return {
    permitted: true,
    rule: rule.id,
    maxDurationSeconds: max,
    maxTotalSeconds: null,
    extensionApproval: 'required',
    lapseAfterSeconds: SHORTEST_SECONDS,
    codeFrom: { requester: true, approver: false },
    channel: rule.channel ?? null,
    dmApprovers: false,
    privileged: entitlement.privileged,
    escalate: null,
    automatic: false,
    breakGlass: { perPersonPerWeek: per_person_per_week, reviewWithinSeconds: review_within },
    approvals: { needed: 0, have: 0, satisfied: true, groups: [] },
    // Those who were not asked: they are told, may end it, and one of them reviews it.
    approvers: reviewers,
    candidate: facts.candidate === undefined ? null : { may: false, refusal: NOT_NEEDED },
    reasons: [
      ...reasons,
      `It allows up to ${formatDuration(max)}, and owes a review within ${formatDuration(review_within)}.`,
    ],
  };
}
const NOT_NEEDED = { code: 'approval-not-needed' } as const;
