/**
 * What a person may say beside what, as which role and for how long: for whom, from when, in an emergency. So that a form has a
 * field for it where a rule could allow it. Looks at who a rule is for and at nothing else: the evaluator judges what is said.
 */
import { type CastFacts, playerOf } from './cast.ts';
import { matchingRule } from './clauses/rule.ts';
import { selects } from './members.ts';
import type { Policy } from './policy.ts';

export type Ways = {
  /** A rule names people for whom they may ask. */
  readonly forOthers: boolean;
  /** How far ahead access may begin; null where it begins at once, and where that makes no difference to what can be asked for. */
  readonly startWithinSeconds: number | null;
  /** A break-glass rule is for them. */
  readonly breakGlass: boolean;
};
export const NO_WAYS: Ways = { forOthers: false, startWithinSeconds: null, breakGlass: false };

/** By the rules that decide about this entitlement; by all rules while none is chosen. `requester` is a Slack id. */
export function waysOf(
  policy: Policy,
  ask: { readonly requester: string; readonly entitlement: string | null },
  facts: CastFacts,
): Ways {
  const player = playerOf(policy, ask.requester, facts);
  if (!player) return NO_WAYS;
  const { entitlement } = ask;
  const isTheirs = (rule: Policy['rules'][number]) =>
    !('deny' in rule) && selects(rule.requesters, player.member, player.roles);
  if (entitlement === null) {
    const theirs = policy.rules.filter(isTheirs);
    return {
      forOthers: theirs.some((rule) => 'subjects' in rule && rule.subjects !== undefined),
      startWithinSeconds: Math.max(0, ...theirs.map(aheadOf)) || null,
      breakGlass: theirs.some((rule) => 'break_glass' in rule),
    };
  }
  const about = { ...ask, subject: ask.requester, entitlement };
  const usual = matchingRule(policy, { ...about, breakGlass: false }, player);
  // Stryker disable next-line ConditionalExpression: what is no emergency has approvals
  const approved = usual && 'approvals' in usual ? usual : null;
  return {
    forOthers: approved?.subjects !== undefined,
    startWithinSeconds: approved?.start_within ?? null,
    breakGlass: matchingRule(policy, { ...about, breakGlass: true }, player) !== null,
  };
}

/** Of a rule with conditions that may hold later, where they do not now. */
const aheadOf = (rule: Policy['rules'][number]): number =>
  'when' in rule && rule.when ? rule.start_within : 0;
