/** What changes for one person about one entitlement between two policies. */
import { type Cell, cellOf, type Who } from './cells.ts';
import { canonical, narrowerGlass, narrowerRule } from './narrower.ts';
import type { AccessRule, BreakGlassRule, Policy, Rule } from './policy.ts';

export type Compared = {
  readonly right: 'ask' | 'break-glass' | 'approve' | 'hold' | 'power';
  readonly effect: 'gained' | 'lost' | 'wider' | 'narrower';
  readonly before: string | null;
  readonly now: string | null;
};

export function comparedCells(before: Policy, now: Policy) {
  const asked = comparedOnce<AccessRule>((was, is) =>
    narrowerRule(limited(before, was), limited(now, is)),
  );
  const glass = comparedOnce<BreakGlassRule>(narrowerGlass);
  return (person: Who, entitlement: string): readonly Compared[] => {
    const was = cellOf(before, person, entitlement);
    const is = cellOf(now, person, entitlement);
    const looser: (() => 'wider') | null = was && is && isLooser(was, is) ? () => 'wider' : null;
    return [
      ...ofRule('ask', [was?.ask ?? null, is?.ask ?? null], looser ?? asked),
      ...ofRule('break-glass', [was?.glass ?? null, is?.glass ?? null], looser ?? glass),
      ...ofLists('approve', was?.approves ?? [], is?.approves ?? []),
      ...ofLists('hold', was?.holds ?? [], is?.holds ?? []),
    ];
  };
}

/** A rule's own limit takes the place of the policy's: one that is written anew may be the looser of the two. */
const limited = (policy: Policy, rule: AccessRule): AccessRule => ({
  ...rule,
  limits: { ...policy.limits, ...rule.limits },
});

/** More roles to ask for, or less care with the container. */
function isLooser(was: Cell, is: Cell): boolean {
  const [old, young] = [was.entitlement, is.entitlement];
  const sameKind = old.provider === young.provider && old.kind === young.kind;
  const sameRoles = young.roles.every((role) => old.roles.includes(role));
  const isCareless = (old.privileged && !young.privileged) || (old.exclusive && !young.exclusive);
  return !sameKind || !sameRoles || isCareless;
}

type Answer = 'same' | 'narrower' | 'wider';
type Between<Of> = (before: Of, now: Of) => Answer;

/** Each pair of rules is compared once. */
function comparedOnce<Of extends Rule>(isNarrower: (was: Of, is: Of) => boolean): Between<Of> {
  const known = new Map<Of, Map<Of, Answer>>();
  return (was, is) => {
    const ofBefore = known.get(was) ?? new Map<Of, Answer>();
    known.set(was, ofBefore);
    const answer =
      ofBefore.get(is) ??
      (bare(was) === bare(is) ? 'same' : isNarrower(was, is) ? 'narrower' : 'wider');
    ofBefore.set(is, answer);
    return answer;
  };
}

/** Its terms alone. */
function bare(rule: Rule): string {
  const { id, entitlements, requesters, ...terms } = rule;
  return canonical(terms);
}

function ofRule<Of extends Rule>(
  right: Compared['right'],
  [before, now]: readonly [Of | null, Of | null],
  between: Between<Of>,
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
