/**
 * The next step of ensure for one holding. Pure: everything it knows is handed in.
 *
 * Guarantees: the end of every live grant is scheduled before an add; a baseline is captured before our first
 * write; only a role that our own intents wrote is ever lowered; an ambiguous call is never closed by what is
 * seen before it can no longer land; a grant is reported gone only when nothing of ours can still bring it back.
 */

import { isOurs, liveGrants, mayLag, type Observed, overMs, type PlanFacts } from './facts.ts';
import { type Closing, closableIntents } from './intents.ts';
import type { GrantOutcome, Holding, HoldingGrant, Membership } from './model.ts';
import { grantOutcomes } from './outcomes.ts';
import { rankOf, strongest } from './roles.ts';
import { cutShort, heldRole, leftSwitch, standing } from './standing.ts';
import { endSeen, endUnseen, mayLower, type StrayEnd } from './stray.ts';
import { TIMING } from './timing.ts';

export type Step =
  | { do: 'end'; grants: readonly { grantId: string; why: 'expired' | 'policy' }[] }
  | { do: 'schedule'; grant: HoldingGrant }
  | { do: 'look-up-account' }
  | { do: 'read' }
  | { do: 'capture-baseline'; membership: Membership; observedAt: string }
  | { do: 'record'; closing: Closing; outcomes: readonly GrantOutcome[] }
  | { do: 'add'; role: string; until: string; grantIds: readonly string[] }
  | { do: 'lower'; to: Membership; grantIds: readonly string[] }
  | { do: 'report-drift'; actual: string | null; expected: string | null }
  | { do: 'delete-schedules'; grantIds: readonly string[] }
  | { do: 'clear'; observedAt: string }
  | { do: 'settle-stray'; end: StrayEnd }
  | { do: 'wait'; until: string | null };

export function plan(holding: Holding, facts: PlanFacts): Step {
  const now = facts.now.toISOString();
  const over = holding.grants.filter(
    (grant) =>
      grant.phase !== 'removing' && (grant.expiresAt <= now || !facts.allowed.has(grant.grantId)),
  );
  if (over.length > 0)
    return {
      do: 'end',
      grants: over.map(({ grantId, expiresAt }) => ({
        grantId,
        why: expiresAt <= now ? 'expired' : 'policy',
      })),
    };
  const strayEnd = endUnseen(holding, facts);
  if (strayEnd) return { do: 'settle-stray', end: strayEnd };
  if (holding.nextAttemptAt !== null && holding.nextAttemptAt > now) return waitFor(holding, facts);
  if (isClear(holding)) return cleanUp(holding, facts);
  const live = liveGrants(holding);
  const unscheduled = live.find((grant) => grant.scheduledFor !== grant.expiresAt);
  if (unscheduled) return { do: 'schedule', grant: unscheduled };
  const untouched = neverTouched(holding, live);
  if (untouched) return untouched;
  if (!facts.accountKnown) return { do: 'look-up-account' };
  if (!facts.observation) return { do: 'read' };
  return planObserved(holding, { ...facts, observation: facts.observation });
}

function planObserved(holding: Holding, facts: Observed): Step {
  const live = liveGrants(holding);
  const { membership, startedAt } = facts.observation;
  if (holding.baseline === null && live.length > 0) {
    const absent = { role: null, direct: false, until: null };
    return {
      do: 'capture-baseline',
      membership: facts.exclusive ? absent : membership,
      observedAt: startedAt,
    };
  }
  const closing = closableIntents(holding, facts);
  const closed = { ...holding, ...closing.holding };
  const outcomes = grantOutcomes(closed, facts);
  if (closing.closed.length > 0 || outcomes.length > 0) return { do: 'record', closing, outcomes };
  const end = endSeen(holding, facts);
  if (end) return { do: 'settle-stray', end };
  return (
    write(holding, facts) ?? (unproven(holding, facts) ? reread(facts) : cleanUp(holding, facts))
  );
}

/** A grant waits for an outcome that a read may not prove yet. */
const unproven = (holding: Holding, facts: Observed): boolean =>
  mayLag(holding, facts) && holding.grants.some((grant) => grant.phase !== 'active');

/** Nothing of ours exists or may still come into existence at the provider. */
const isClear = (holding: Holding): boolean =>
  holding.grants.length === 0 &&
  holding.ours === null &&
  holding.intents.length === 0 &&
  holding.baseline === null &&
  holding.stray === undefined;

/** Ended before ensure ever looked: nothing was issued, so there is nothing to read back. */
function neverTouched(holding: Holding, live: readonly HoldingGrant[]): Step | null {
  const touched = holding.intents.length > 0 || holding.ours !== null || holding.baseline !== null;
  if (touched || live.length > 0 || holding.stray) return null;
  return {
    do: 'record',
    closing: { closed: [], holding: {} },
    outcomes: holding.grants.map(({ grantId }) => ({
      grantId,
      result: 'removed',
      outcome: 'never-granted',
    })),
  };
}

/** The provider write that is still missing, if any. */
function write(holding: Holding, facts: Observed): Step | null {
  const rank = rankOf(facts.roles);
  const actual = facts.observation.membership;
  const live = liveGrants(holding);
  const wanted = strongest(
    facts.roles,
    live.map((grant) => grant.role),
  );
  const base = standing(holding, facts);
  const target = Math.max(rank(wanted), rank(base?.role ?? null));
  if (rank(wanted) > rank(heldRole(facts.roles, actual))) return add(holding, facts, live);
  if (rank(actual.role) <= target) return moveEnd(holding, facts, live);
  if (!mayLower(holding, facts)) return null;
  if (!isOurs(holding, facts)) return drift(holding, actual.role, facts.roles[target - 1] ?? null);
  if (answeredIntent(holding, 'remove', facts)) return reread(facts);
  const keepsLive = rank(wanted) > rank(base?.role ?? null);
  const restored = base?.direct ? base : NO_MEMBERSHIP;
  return {
    do: 'lower',
    to: keepsLive ? { role: wanted, direct: true, until: lastEnd(live) } : restored,
    grantIds: holding.grants.filter((g) => g.phase === 'removing').map((g) => g.grantId),
  };
}

/** The role is right, the end that the provider would set by itself is not. */
function moveEnd(holding: Holding, facts: Observed, live: readonly HoldingGrant[]): Step | null {
  const cut = cutShort(holding, facts, live);
  const [first] = cut;
  if (first !== undefined && !facts.paused) {
    const until = lastEnd(cut) ?? first.expiresAt;
    return { do: 'add', role: first.role, until, grantIds: cut.map((grant) => grant.grantId) };
  }
  const restored = leftSwitch(holding, facts);
  if (restored === null) return null;
  if (answeredIntent(holding, 'remove', facts)) return reread(facts);
  const over = holding.grants.filter((grant) => grant.phase === 'removing');
  return { do: 'lower', to: restored, grantIds: over.map((grant) => grant.grantId) };
}

const NO_MEMBERSHIP: Membership = { role: null, direct: false, until: null };

function add(holding: Holding, facts: Observed, live: readonly HoldingGrant[]): Step | null {
  const rank = rankOf(facts.roles);
  const now = facts.now.toISOString();
  const soon = new Date(facts.now.getTime() + TIMING.httpTimeoutSeconds * 1000).toISOString();
  const actual = facts.observation.membership.role;
  const settling = holding.settleUntil !== null && holding.settleUntil > now;
  const missing = live.filter((grant) => rank(grant.role) > rank(actual));
  const wanting = missing.filter(
    (grant) => grant.expiresAt > soon && (grant.phase === 'activating' || settling),
  );
  const role = strongest(
    facts.roles,
    wanting.map((grant) => grant.role),
  );
  if (role === null || facts.paused)
    return missing.some((grant) => grant.phase === 'active') && !settling
      ? drift(
          holding,
          actual,
          strongest(
            facts.roles,
            missing.map((grant) => grant.role),
          ),
        )
      : null;
  if (answeredIntent(holding, 'add', facts)) return reread(facts);
  return {
    do: 'add',
    role,
    until: lastEnd(wanting) ?? now,
    grantIds: wanting.map((grant) => grant.grantId),
  };
}

/** A write of this kind was answered but is not seen yet: the provider is behind, do not repeat it. */
const answeredIntent = (holding: Holding, kind: 'add' | 'remove', facts: Observed): boolean =>
  holding.intents.some(
    (intent) =>
      intent.kind === kind &&
      intent.answer === 'answered' &&
      overMs(Date.parse(intent.issuedAt), facts) > facts.now.getTime(),
  );

const reread = (facts: PlanFacts): Step => ({
  do: 'wait',
  until: new Date(facts.now.getTime() + TIMING.rereadSeconds * 1000).toISOString(),
});

const drift = (holding: Holding, actual: string | null, expected: string | null): Step | null =>
  holding.drift === `${actual}/${expected}` ? null : { do: 'report-drift', actual, expected };

const lastEnd = (grants: readonly HoldingGrant[]): string | null =>
  grants
    .map((grant) => grant.expiresAt)
    .sort()
    .at(-1) ?? null;

/** Nothing to write: delete schedules that nobody needs, forget the baseline when that is safe, wait. */
function cleanUp(holding: Holding, facts: PlanFacts): Step {
  if (holding.staleSchedules.length > 0)
    return { do: 'delete-schedules', grantIds: holding.staleSchedules };
  const observedAt = facts.observation?.startedAt ?? '';
  const settled = holding.settleUntil === null || observedAt >= holding.settleUntil;
  const idle = holding.grants.length === 0 && holding.intents.length === 0;
  if (idle && settled && holding.baseline !== null) return { do: 'clear', observedAt };
  return waitFor(holding, facts);
}

function waitFor(holding: Holding, facts: PlanFacts): Step {
  const now = facts.now.toISOString();
  const plus = (seconds: number) => new Date(facts.now.getTime() + seconds * 1000).toISOString();
  const inflightOver = (issuedAt: string) =>
    new Date(overMs(Date.parse(issuedAt), facts)).toISOString();
  // Passed, but nothing was read since: look again in a moment.
  const orSoon = (instant: string) => (instant > now ? instant : plus(TIMING.rereadSeconds));
  const idle = holding.grants.length === 0;
  const settle = holding.settleUntil;
  const unsettled = settle !== null && (settle > now || (idle && holding.baseline !== null));
  const restless = holding.grants.some((grant) => grant.phase !== 'active');
  const backOff = holding.nextAttemptAt !== null && holding.nextAttemptAt > now;
  const instants = [
    ...liveGrants(holding).map((grant) => orSoon(grant.expiresAt)),
    ...(backOff
      ? [holding.nextAttemptAt]
      : holding.intents.map((i) => orSoon(inflightOver(i.issuedAt)))),
    ...(unsettled && !backOff ? [orSoon(settle)] : []),
    ...(restless ? [nextLook(facts.now)] : []),
  ];
  return { do: 'wait', until: instants.filter((each) => each !== null).sort()[0] ?? null };
}

/** Whole minutes, so that every run of the same minute waits for the same instant and one message wakes them all. */
function nextLook(now: Date): string {
  const step = TIMING.pausedSeconds * 1000;
  return new Date((Math.floor(now.getTime() / step) + 1) * step).toISOString();
}
