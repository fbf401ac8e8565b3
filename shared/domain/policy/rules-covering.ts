/**
 * The rules of a policy that cover an entitlement, in the order of the file. Worked out once per policy and entitlement: a
 * decision over hundreds of rules looks at the few that matter. Says the same as asking every rule.
 */
import { isGlob, matchesGlob } from './glob.ts';
import type { Policy, Rule } from './policy.ts';

type Index = {
  /** Exact entitlement -> positions of the rules that name it. */
  readonly named: ReadonlyMap<string, readonly number[]>;
  /** Patterns, with the position of their rule. */
  readonly patterns: readonly { readonly glob: string; readonly position: number }[];
  /** Entitlements of the policy that were asked about before. */
  readonly known: Map<string, readonly Rule[]>;
};

/** A policy is never changed in place, so what was derived from one stays true as long as the object lives. */
const indexes = new WeakMap<Policy, Index>();

export function rulesCovering(policy: Policy, entitlement: string): readonly Rule[] {
  const index = indexOf(policy);
  const known = index.known.get(entitlement);
  // Stryker disable next-line ConditionalExpression: worked out again it is the same
  if (known) return known;
  const positions = new Set(index.named.get(entitlement));
  for (const { glob, position } of index.patterns)
    if (!positions.has(position) && matchesGlob(glob, entitlement)) positions.add(position);
  const rules = [...positions]
    .sort((one, other) => one - other)
    // Stryker disable next-line ArrayDeclaration: every position is one of a rule
    .flatMap((position) => policy.rules[position] ?? []);
  // Only what the policy lists is kept: names that people type must not fill the memory.
  // Stryker disable next-line ConditionalExpression: what is kept is no other answer
  if (Object.hasOwn(policy.entitlements, entitlement)) index.known.set(entitlement, rules);
  return rules;
}

function indexOf(policy: Policy): Index {
  const known = indexes.get(policy);
  if (known) return known;
  const named = new Map<string, number[]>();
  const patterns: { glob: string; position: number }[] = [];
  for (const [position, { entitlements }] of policy.rules.entries())
    for (const glob of entitlements) {
      const alike = named.get(glob);
      // Stryker disable next-line ConditionalExpression: as a pattern a name matches itself alone, and takes longer
      if (isGlob(glob)) patterns.push({ glob, position });
      else if (alike) alike.push(position);
      else named.set(glob, [position]);
    }
  const index = { named, patterns, known: new Map<string, readonly Rule[]>() };
  indexes.set(policy, index);
  return index;
}
