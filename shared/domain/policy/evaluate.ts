/**
 * The only place that knows who may ask, for how long, and who may approve. Pure: the same facts give the same verdict.
 * The first rule that matches decides; a deny rule wins wherever it stands; a condition that does not hold refuses and never falls
 * through. Whatever is missing or stale counts against the right, never for it.
 */
import { formatDuration } from '../duration.ts';
import { judgeApprovals } from './approver-rights.ts';
import { wrongDuration } from './clauses/duration.ts';
import { wrongJustification } from './clauses/justification.ts';
import { onBehalf } from './clauses/on-behalf.ts';
import { denyingRule, matchingRule } from './clauses/rule.ts';
import { unmetCondition } from './clauses/when.ts';
import { whoAndWhat } from './clauses/who-and-what.ts';
import type { Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';
import type { Ask, PolicyFacts, Rigour, Situation, Verdict } from './verdict.ts';

export type { PolicyRefusal } from './refusal.ts';
export type { Approval, Ask, CandidateVerdict, PolicyFacts, Verdict } from './verdict.ts';

/** For every decision: the form's check, the request, each click, each submit. */
export function evaluate(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'fresh', conditions: true, reachable: true });
}

/** What could be asked, for lists and suggestions: evidence counts against somebody where there is some. Never for a decision. */
export function preview(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'at-hand', conditions: true, reachable: true });
}

/**
 * Does today's policy still stand behind what was decided before? For whoever is about to issue it and cannot ask Slack: working hours
 * and open places belong to the decision and are not judged again. Look at `approvals.satisfied` too.
 */
export function standsBehind(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'at-hand', conditions: false, reachable: false });
}

type Clause = (situation: Situation) => PolicyRefusal | null;

/** Conditions of the moment: they belong to the decision, and are not judged again when what was decided is issued. */
const OF_THE_MOMENT: readonly Clause[] = [unmetCondition];
const OF_THE_ASK: readonly Clause[] = [wrongDuration, wrongJustification];

function judge(policy: Policy, ask: Ask, facts: PolicyFacts, rigour: Rigour): Verdict {
  const found = whoAndWhat(policy, ask, facts, rigour);
  if (!found.ok) return no(null, found.error);
  const denied = denyingRule(policy, ask, facts);
  if (denied) return no(denied, { code: 'denied-by-rule', rule: denied });
  const rule = matchingRule(policy, ask, found.value.cast.requester);
  if (!rule) return no(null, { code: 'no-matching-rule', entitlement: ask.entitlement });
  if (!('approvals' in rule))
    return no(rule.id, { code: 'break-glass-not-available', rule: rule.id });
  const situation = { policy, rule, ask, facts, rigour, ...found.value };
  const moment = rigour.conditions ? OF_THE_MOMENT : [];
  for (const clause of [onBehalf, ...moment, ...OF_THE_ASK]) {
    const refusal = clause(situation);
    if (refusal) return no(rule.id, refusal);
  }
  return withApprovals(situation);
}

const no = (rule: string | null, refusal: PolicyRefusal): Verdict => ({
  permitted: false,
  rule,
  refusal,
  reasons: [
    rule === null ? 'No rule was reached.' : `Rule ${rule} decides.`,
    `Refused: ${refusal.code}.`,
  ],
});

function withApprovals(situation: Situation): Verdict {
  const { rule, rigour, entitlement } = situation;
  const approvals = judgeApprovals(situation);
  const { needed, have, reachable, groups } = approvals;
  if (rigour.reachable && !reachable) {
    const from = [...new Set(groups.flatMap((group) => [...group.from, ...group.people]))];
    return no(rule.id, { code: 'nobody-can-approve', rule: rule.id, needed, from });
  }
  return {
    permitted: true,
    rule: rule.id,
    maxDurationSeconds: rule.max_duration,
    maxTotalSeconds: rule.max_total ?? null,
    lapseAfterSeconds: rule.lapse_after,
    codeFrom: {
      requester: rule.code.includes('requester'),
      approver: rule.code.includes('approver'),
    },
    channel: rule.channel ?? null,
    dmApprovers: rule.dm_approvers,
    privileged: entitlement.privileged,
    escalate: approvals.escalate,
    approvals: { needed, have, satisfied: have === needed, groups },
    approvers: approvals.approvers,
    candidate: approvals.candidate,
    reasons: [
      `Rule ${rule.id} is the first that covers this entitlement for this requester.`,
      `It allows up to ${formatDuration(rule.max_duration)}.`,
      `${have} of ${needed} approvals count.`,
    ],
  };
}
