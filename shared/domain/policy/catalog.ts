/** What a person may ask for, and what they probably meant. Suggestions only: the evaluator decides again when it is asked. */
import { type Ask, type PolicyFacts, preview } from './evaluate.ts';
import type { Policy } from './policy.ts';

export type CatalogEntry = {
  /** `github:acme/deployers` */
  readonly entitlement: string;
  readonly provider: string;
  /** As the policy lists them. */
  readonly roles: readonly string[];
  readonly rule: string;
  readonly maxDurationSeconds: number;
  readonly approvalsNeeded: number;
  readonly privileged: boolean;
};

const SHORTEST_SECONDS = 60;

/** Which asks a catalogue is about. */
export type CatalogOf = Pick<Ask, 'requester' | 'subject' | 'breakGlass' | 'start'>;
type CatalogFacts = Omit<PolicyFacts, 'approvals' | 'candidate'>;

/** The entitlements `requester` (Slack id) may ask for themself now, in the order of the file; empty for who is unknown here. */
export const catalog = (
  policy: Policy,
  requester: string,
  facts: CatalogFacts,
): readonly CatalogEntry[] =>
  catalogOf(policy, { requester, subject: requester, breakGlass: false }, facts);

export function catalogOf(
  policy: Policy,
  of: CatalogOf,
  facts: CatalogFacts,
): readonly CatalogEntry[] {
  return Object.entries(policy.entitlements).flatMap(([entitlement, { provider, roles }]) => {
    const ask = {
      ...of,
      entitlement,
      role: roles[0] ?? '',
      durationSeconds: SHORTEST_SECONDS,
      justification: { accepted: true },
    } as const;
    // Stryker disable next-line ArrayDeclaration: a text is nobody's approval
    const verdict = preview(policy, ask, { ...facts, approvals: [] });
    if (!verdict.permitted) return [];
    const { rule, maxDurationSeconds, privileged, approvals } = verdict;
    const approvalsNeeded = approvals.needed;
    return { entitlement, provider, roles, rule, maxDurationSeconds, approvalsNeeded, privileged };
  });
}

const LONGEST_COMPARED = 100;

/**
 * Up to `max` of `names` that `typed` probably meant, nearest first: the same ending (a missing provider or owner), or a few slips
 * (insert, drop, replace, swap neighbours), about one in four characters.
 */
export function closest(typed: string, names: readonly string[], max = 3): readonly string[] {
  const wanted = typed.trim().toLowerCase().slice(0, LONGEST_COMPARED);
  if (wanted === '') return [];
  return names
    .map((name) => ({ name, distance: distanceTo(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, max)
    .map(({ name }) => name);
}

const slipsAllowed = (wanted: string): number =>
  Math.min(4, Math.max(1, Math.floor(wanted.length / 4)));

function distanceTo(wanted: string, name: string): number {
  const endings = [name, name.slice(name.indexOf(':') + 1), name.slice(name.lastIndexOf('/') + 1)];
  const limit = slipsAllowed(wanted);
  const distances = endings.map((ending, dropped) => slips(wanted, ending, limit) + dropped * 0.1);
  return Math.min(...distances);
}

/** Optimal string alignment distance; infinity where it exceeds `limit`. Only the band that can stay within it is computed. */
function slips(one: string, other: string, limit: number): number {
  const never = limit + 1;
  // Stryker disable next-line ConditionalExpression: only tells sooner what is out of reach
  if (Math.abs(one.length - other.length) > limit) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  let before = previous;
  for (let i = 1; i <= one.length; i += 1) {
    // Stryker disable next-line ArrayDeclaration,ArithmeticOperator: only tells sooner what is out of reach
    const row = Array<number>(other.length + 1).fill(never);
    row[0] = i;
    // Stryker disable next-line MethodExpression: beyond the band nothing stays within the limit
    for (let j = Math.max(1, i - limit); j <= Math.min(other.length, i + limit); j += 1) {
      const same = one[i - 1] === other[j - 1];
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        (previous[j] ?? never) + 1,
        (row[j - 1] ?? never) + 1,
        (previous[j - 1] ?? never) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? never) + 1 : never,
      );
    }
    // Stryker disable next-line ConditionalExpression: only tells sooner what is out of reach
    if (Math.min(...row) > limit) return Number.POSITIVE_INFINITY;
    [before, previous] = [previous, row];
  }
  const distance = previous[other.length] ?? never;
  return distance > limit ? Number.POSITIVE_INFINITY : distance;
}
