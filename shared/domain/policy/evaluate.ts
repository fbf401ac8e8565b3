/**
 * The only place that knows who may ask, for how long, and who may approve. Pure: the same facts give the same verdict.
 * The first rule that matches decides; a deny rule wins wherever it stands; a condition that does not hold refuses and never falls
 * through. Whatever is missing or stale counts against the right, never for it.
 */
import { formatDuration } from '../duration.ts';
import { judgeApprovals } from './approver-rights.ts';
import { needsNobody } from './clauses/auto-approve.ts';
import { breakGlassVerdict } from './clauses/break-glass.ts';
import { wrongDuration } from './clauses/duration.ts';
import { frozen } from './clauses/freeze.ts';
import { wrongJustification } from './clauses/justification.ts';
import { overLimits } from './clauses/limits.ts';
import { onBehalf } from './clauses/on-behalf.ts';
import { denyingRule, matchingRule } from './clauses/rule.ts';
import { notSeparate } from './clauses/separation.ts';
import { wrongStart } from './clauses/start.ts';
import { wrongTicket } from './clauses/ticket.ts';
import { withDoubt } from './clauses/unknown-groups.ts';
import { unmetCondition } from './clauses/when.ts';
import { whoAndWhat } from './clauses/who-and-what.ts';
import type { Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';
import type { Ask, PolicyFacts, Rigour, Situation, Verdict } from './verdict.ts';

export type { PolicyRefusal } from './refusal.ts';
export type { Approval, Ask, PolicyFacts, Verdict } from './verdict.ts';

/** For every decision: the form's check, the request, each click, each submit. */
export function evaluate(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'fresh', conditions: true, reachable: true });
}

/** What could be asked, for lists and suggestions: evidence counts against somebody where there is some. Never for a decision. */
export function preview(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  // Stryker disable next-line StringLiteral: evidence is asked for as fresh, or it is not
  return judge(policy, ask, facts, { evidence: 'at-hand', conditions: true, reachable: true });
}

/**
 * Does today's policy still stand behind what was decided before? For whoever is about to issue it and cannot ask Slack: working hours
 * and open places belong to the decision and are not judged again. Look at `approvals.satisfied` too.
 */
export function standsBehind(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  // Stryker disable next-line StringLiteral,ObjectLiteral: as above, and what is left out is not asked for
  return judge(policy, ask, facts, { evidence: 'at-hand', conditions: false, reachable: false });
}

/**
 * May this person (`candidate`) decide at all? For saying no and for ending: no hours, freeze or limit ever keeps access, or an ask,
 * in place.
 */
export function rightToDecide(policy: Policy, ask: Ask, facts: PolicyFacts): Verdict {
  return judge(policy, ask, facts, { evidence: 'fresh', conditions: false, reachable: false });
}

/** What was approved ahead starts now: the hours and freezes of this moment count, and who was proven then is proven as `evidence` says. */
export const standsAtStart =
  (evidence: Rigour['evidence']) =>
  (policy: Policy, ask: Ask, facts: PolicyFacts): Verdict =>
    judge(policy, ask, facts, { evidence, conditions: false, starting: true, reachable: false });

type Clause = {
  readonly refuses: (situation: Situation) => PolicyRefusal | null;
  /** It belongs to the moment of the decision, and is not judged again when what was decided is issued. */
  readonly ofTheMoment: boolean;
  /** Of the moment, and judged again when what was approved ahead starts. */
  readonly atStart?: boolean;
};

/** In this order: the first that refuses is the answer. */
const CLAUSES: readonly Clause[] = [
  { refuses: onBehalf, ofTheMoment: false },
  { refuses: unmetCondition, ofTheMoment: true, atStart: true },
  { refuses: wrongDuration, ofTheMoment: false },
  { refuses: wrongStart, ofTheMoment: false },
  { refuses: wrongJustification, ofTheMoment: false },
  { refuses: wrongTicket, ofTheMoment: true },
  { refuses: frozen, ofTheMoment: true, atStart: true },
  { refuses: notSeparate, ofTheMoment: true },
  { refuses: overLimits, ofTheMoment: true },
];

const judge = (policy: Policy, ask: Ask, facts: PolicyFacts, rigour: Rigour): Verdict =>
  withDoubt(judged(policy, ask, facts, rigour), { policy, ask, facts });

function judged(policy: Policy, ask: Ask, facts: PolicyFacts, rigour: Rigour): Verdict {
  const found = whoAndWhat(policy, ask, facts, rigour);
  if (!found.ok) return no(null, found.error);
  const denied = denyingRule(policy, ask, facts);
  if (denied) return no(denied, { code: 'denied-by-rule', rule: denied });
  const rule = matchingRule(policy, ask, found.value.cast.requester);
  if (!rule) return no(null, { code: noRule(ask), entitlement: ask.entitlement });
  if (!('approvals' in rule))
    return breakGlassVerdict({ policy, rule, ask, facts, entitlement: found.value.entitlement });
  const situation = { policy, rule, ask, facts, rigour, ...found.value };
  for (const { refuses, ofTheMoment, atStart } of CLAUSES) {
    const isJudged = !ofTheMoment || rigour.conditions || (rigour.starting && atStart);
    const refusal = isJudged ? refuses(situation) : null;
    if (refusal) return no(rule.id, refusal);
  }
  return withApprovals(situation);
}

const noRule = ({ breakGlass }: Ask): 'break-glass-not-available' | 'no-matching-rule' =>
  breakGlass ? 'break-glass-not-available' : 'no-matching-rule';

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
  const automatic = needsNobody(situation);
  if (rigour.reachable && !reachable && !automatic) {
    const from = [...new Set(groups.flatMap((group) => [...group.from, ...group.people]))];
    return no(rule.id, { code: 'nobody-can-approve', rule: rule.id, needed, from });
  }
  return {
    permitted: true,
    rule: rule.id,
    maxDurationSeconds: rule.max_duration,
    maxTotalSeconds: rule.max_total ?? null,
    extensionApproval: rule.extend.approval,
    lapseAfterSeconds: rule.lapse_after,
    codeFrom: {
      requester: rule.code.includes('requester'),
      approver: rule.code.includes('approver'),
    },
    channel: rule.channel ?? null,
    dmApprovers: rule.dm_approvers,
    privileged: entitlement.privileged,
    escalate: approvals.escalate,
    automatic,
    approvals: automatic
      ? { needed: 0, have: 0, satisfied: true, groups }
      : { needed, have, satisfied: have === needed, groups },
    approvers: approvals.approvers,
    candidate: approvals.candidate,
    reasons: [
      `Rule ${rule.id} is the first that covers this entitlement for this requester.`,
      `It allows up to ${formatDuration(rule.max_duration)}.`,
      automatic ? 'It needs nobody to approve.' : `${have} of ${needed} approvals count.`,
    ],
  };
}
