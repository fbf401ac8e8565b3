/**
 * A no that may only be there because nobody could say who is in a group says so: who has a right by a group must not read that
 * there is none. It never makes a yes of a no.
 */
import { unknownGroups } from '../groups.ts';
import type { Policy } from '../policy.ts';
import type { PolicyRefusal } from '../refusal.ts';
import type { Ask, PolicyFacts, Verdict } from '../verdict.ts';
import { denyingRule } from './rule.ts';

const DOUBTFUL = new Set<PolicyRefusal['code']>([
  'no-matching-rule',
  'nobody-can-approve',
  'not-an-approver',
  'on-behalf-not-allowed',
]);

export function withDoubt(
  verdict: Verdict,
  { policy, ask, facts }: { policy: Policy; ask: Ask; facts: PolicyFacts },
): Verdict {
  const refusal = verdict.permitted ? refusalOfCandidate(verdict) : verdict.refusal;
  if (!refusal || !isDoubtful(refusal, { policy, ask, facts })) return verdict;
  const groups = unknownGroups(policy, ask.entitlement, facts.groupMembers);
  if (groups.length === 0) return verdict;
  const doubt = { code: 'group-unknown', groups } as const;
  if (verdict.permitted) return { ...verdict, candidate: { may: false, refusal: doubt } };
  return {
    ...verdict,
    refusal: doubt,
    reasons: [...verdict.reasons, 'Who is in a group is unknown.'],
  };
}

const refusalOfCandidate = ({ candidate }: Extract<Verdict, { permitted: true }>) =>
  candidate && !candidate.may ? candidate.refusal : null;

function isDoubtful(
  refusal: PolicyRefusal,
  { policy, ask, facts }: { policy: Policy; ask: Ask; facts: PolicyFacts },
): boolean {
  if (refusal.code !== 'denied-by-rule') return DOUBTFUL.has(refusal.code);
  // Stryker disable next-line StringLiteral: somebody doubtful is in, or is not
  return denyingRule(policy, ask, facts, 'not-in') === null;
}
