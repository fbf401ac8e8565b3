/** Separation of duties: what one group of entitlements gives a human excludes what another group would give the same human. */
import { matchesGlob } from '../glob.ts';
import type { PolicyRefusal } from '../refusal.ts';
import { usesOf } from '../usage.ts';
import type { Situation } from '../verdict.ts';

/** Asking, what waits counts too; once asked, what is live: of two that wait the first to be approved wins. */
export function notSeparate(situation: Situation): PolicyRefusal | null {
  const { policy, ask, facts, rigour } = situation;
  const concerned = (policy.separation ?? []).filter(
    ({ entitlements }) => groupsOf(entitlements, ask.entitlement).length > 0,
  );
  if (concerned.length === 0) return null;
  if (!facts.usage) return rigour.evidence === 'fresh' ? { code: 'counts-unknown' } : null;
  const counts = ask.requestId === undefined ? ['waiting', 'live'] : ['live'];
  const held = usesOf(facts.usage, [ask.subject], { policy, facts, part: ['subject'] }).filter(
    ({ requestId, status }) => requestId !== ask.requestId && counts.includes(status),
  );
  for (const { name, entitlements } of concerned) {
    const wanted = groupsOf(entitlements, ask.entitlement);
    const against = held.find(({ entitlement }) =>
      groupsOf(entitlements, entitlement).some((group) => wanted.some((each) => each !== group)),
    );
    if (!against) continue;
    const { entitlement, requestId } = against;
    return { code: 'duties-not-separate', separation: name, entitlement, requestId };
  }
  return null;
}

const groupsOf = (groups: readonly (readonly string[])[], entitlement: string): number[] =>
  groups.flatMap((globs, group) =>
    globs.some((glob) => matchesGlob(glob, entitlement)) ? [group] : [],
  );
