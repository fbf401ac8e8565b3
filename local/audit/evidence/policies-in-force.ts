/**
 * Which policies were in force in a period, by the events of the policy's chain, with their texts; and which one when it ended. One that
 * was scheduled and never came into force is none of them.
 */
import type { Span } from '../../../shared/application/audit-log.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { Desk } from '../desk.ts';
import type { Folder } from './folder.ts';

export type PolicyInPeriod = {
  readonly hash: string;
  readonly from: string;
  readonly file: string;
};
export type PoliciesInForce = {
  readonly inPeriod: readonly PolicyInPeriod[];
  /** In force when the period ended; null when there was none yet. */
  readonly atEnd: Policy | null;
  /** From here on began whatever can still have been true at the end: access that lasted, a review that was owed. */
  readonly lookBackTo: Date;
};

/** No duration of a policy is longer. */
const YEAR_MS = 365 * 86_400_000;

type Reign = { readonly hash: string; readonly from: string; readonly until: string | null };

/** @throws Error when a version is not in the store, or is not what its hash says */
export async function policiesInForce(
  { journal, policies }: Pick<Desk, 'journal' | 'policies'>,
  { from, to }: Span,
  folder: Folder,
): Promise<PoliciesInForce> {
  const changes = (await journal.history('policy', 'active')).flatMap(({ event }) =>
    event.type === 'PolicyChanged' && event.at < to.toISOString() ? [event] : [],
  );
  const reigns = changes.map(({ at, hash }, index): Reign => {
    return { hash, from: at, until: changes[index + 1]?.at ?? null };
  });
  const since = (instant: Date) =>
    reigns.filter(({ until }) => until === null || until > instant.toISOString());
  const inPeriod = since(from).map((reign) => ({
    ...{ from: reign.from, hash: reign.hash },
    file: `policies/${reign.hash}.yaml`,
  }));
  for (const { hash, file } of new Map(inPeriod.map((each) => [each.hash, each])).values()) {
    const { value } = await journal.read('policyVersion', hash);
    if (value === null) throw new Error(`The policy ${hash} is not there: run audit verify.`);
    await folder.append(file, value.text);
  }
  let longest = 0;
  for (const hash of new Set(since(new Date(to.getTime() - YEAR_MS)).map((each) => each.hash)))
    longest = Math.max(longest, longestIn((await policies.byHash(hash)).policy));
  const last = reigns.at(-1);
  return {
    inPeriod,
    atEnd: last ? (await policies.byHash(last.hash)).policy : null,
    lookBackTo: new Date(Math.min(from.getTime(), to.getTime() - longest * 1000)),
  };
}

/** Seconds from an ask on, at most, in which it may matter that it was granted. */
const longestIn = ({ rules }: Policy): number =>
  Math.max(
    0,
    ...rules.map((rule) => {
      if ('break_glass' in rule)
        return Math.max(rule.break_glass.max_duration, rule.break_glass.review_within);
      return 'approvals' in rule ? (rule.max_total ?? rule.max_duration) : 0;
    }),
  );
