/** What changes for one person about one entitlement between two policies. */
import { type Cell, cellOf, type Who } from './cells.ts';
import { canonical, narrowerGlass, narrowerRule } from './narrower.ts';
import type { AccessRule, Policy, Rule } from './policy.ts';

export type Compared = {
  readonly right: 'ask' | 'break-glass' | 'approve' | 'hold' | 'power';
  readonly effect: 'gained' | 'lost' | 'wider' | 'narrower';
  readonly before: string | null;
  readonly now: string | null;
};

export function comparedCells(before: Policy, now: Policy) {
  const between = rulesCompared(before, now);
  return (person: Who, entitlement: string): readonly Compared[] => {
    const was = cellOf(before, person, entitlement);
    const is = cellOf(now, person, entitlement);
    const judged: Between = looser(was, is) ? () => 'wider' : between;
    return [
      ...ofRule('ask', [was?.ask ?? null, is?.ask ?? null], judged),
      ...ofRule('break-glass', [was?.glass ?? null, is?.glass ?? null], judged),
      ...ofLists('approve', was?.approves ?? [], is?.approves ?? []),
      ...ofLists('hold', was?.holds ?? [], is?.holds ?? []),
    ];
  };
}

/** More roles to ask for, or less care with the container. */
function looser(was: Cell | null, is: Cell | null): boolean {
  if (!was || !is) return false;
  const [old, young] = [was.entitlement, is.entitlement];
  const sameKind = old.provider === young.provider && old.kind === young.kind;
  const sameRoles = young.roles.every((role) => old.roles.includes(role));
  const isCareless = (old.privileged && !young.privileged) || (old.exclusive && !young.exclusive);
  return !sameKind || !sameRoles || isCareless;
}

type Between = (before: Rule, now: Rule) => 'same' | 'narrower' | 'wider';

/** Each pair of rules is compared once. */
function rulesCompared(before: Policy, now: Policy): Between {
  const known = new Map<Rule, Map<Rule, ReturnType<Between>>>();
  return (was, is) => {
    const ofBefore = known.get(was) ?? new Map<Rule, ReturnType<Between>>();
    known.set(was, ofBefore);
    const answer = ofBefore.get(is) ?? compareRules([before, was], [now, is]);
    ofBefore.set(is, answer);
    return answer;
  };
}

type RuleOf = readonly [Policy, Rule];

function compareRules([old, before]: RuleOf, [young, now]: RuleOf): ReturnType<Between> {
  if (bare(before) === bare(now)) return 'same';
  if ('approvals' in before && 'approvals' in now)
    return narrowerRule(limited(old, before), limited(young, now)) ? 'narrower' : 'wider';
  if ('break_glass' in before && 'break_glass' in now)
    return narrowerGlass(before, now) ? 'narrower' : 'wider';
  return 'wider';
}

function bare(rule: Rule): string {
  const { id, entitlements, requesters, ...terms } = rule;
  return canonical(terms);
}

/** A rule's own limit takes the place of the policy's: one that is written anew may be the looser of the two. */
const limited = (policy: Policy, rule: AccessRule): AccessRule => ({
  ...rule,
  limits: { ...policy.limits, ...rule.limits },
});

function ofRule(
  right: Compared['right'],
  [before, now]: readonly [Rule | null, Rule | null],
  between: Between,
): Compared[] {
  const rules = { right, before: before?.id ?? null, now: now?.id ?? null };
  if (!before) return now ? [{ ...rules, effect: 'gained' }] : [];
  if (!now) return [{ ...rules, effect: 'lost' }];
  const answer = between(before, now);
  return answer === 'same' ? [] : [{ ...rules, effect: answer }];
}

const ofLists = (
  right: Compared['right'],
  before: readonly string[],
  now: readonly string[],
): Compared[] => [
  ...now
    .filter((rule) => !before.includes(rule))
    .map((rule) => ({ right, effect: 'gained' as const, before: null, now: rule })),
  ...before
    .filter((rule) => !now.includes(rule))
    .map((rule) => ({ right, effect: 'lost' as const, before: rule, now: null })),
];
