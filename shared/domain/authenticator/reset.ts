/**
 * Losing both, authenticator and recovery codes: an admin starts a reset, a second person confirms it, a delay passes in
 * which the owner or an admin can call it off, then the owner may enrol anew for a while. Pure. From the confirmation on
 * the old authenticator counts for nothing, and what its owner approved before is void: somebody else may hold it.
 */
import { type InForce, sameHumanBy } from '../policy/in-force.ts';
import { ok, type Result, refuse } from '../result.ts';
import {
  barredFromEnrolment,
  barredFromVouching,
  isAdmin,
  type RightsFacts,
  type RightsRefusal,
  vouchersFor,
} from './enrolment-rights.ts';
import type { Authenticator, Reset } from './model.ts';

const RESET = { confirmSeconds: 24 * 3600, openSeconds: 72 * 3600 } as const;

type At<Stage extends Reset['stage']> = Extract<Reset, { stage: Stage }>;
export type StartedReset = At<'started'>;
export type ConfirmedReset = At<'confirmed'>;

export type ResetRefusal =
  | RightsRefusal
  /** There is no authenticator that could be reset. */
  | { code: 'nothing-to-reset'; person: string }
  | { code: 'not-an-admin' }
  | { code: 'self-reset' }
  /** The admin who started it cannot be the second person, in no disguise. `confirmers`: who can. */
  | { code: 'second-person-needed'; confirmers: readonly string[] }
  /** Another admin has started one: it wants a second person, not a second start. */
  | { code: 'reset-started'; by: string }
  /** Confirmed already. */
  | { code: 'reset-under-way'; opensAt: string }
  /** Called off, used, run out, or another one by now. */
  | { code: 'no-reset' }
  /** Who started or confirmed it may no longer do so. */
  | { code: 'reset-not-supported'; person: string }
  | { code: 'reset-waiting'; until: string }
  | { code: 'reset-over' }
  | { code: 'not-allowed-to-cancel' };

/** Whether codes of this authenticator count: not while somebody else may hold it. */
export const isBeingReset = ({ reset }: Authenticator): boolean =>
  reset?.stage === 'confirmed' || reset?.renews === true;

/** The reset that a second person can still confirm. */
export const openStart = (reset: Reset | null, now: Date): StartedReset | null =>
  reset?.stage === 'started' && reset.confirmUntil > now.toISOString() ? reset : null;

/** Null: this admin may start a reset for this person. */
export function barredFromStarting(
  policies: InForce,
  pair: { admin: string; owner: string },
  facts: RightsFacts,
): ResetRefusal | null {
  const { admin, owner } = pair;
  if (admin === owner) return { code: 'self-reset' };
  const barred =
    barredFromEnrolment(policies, admin, facts) ?? barredFromEnrolment(policies, owner, facts);
  if (barred) return barred;
  if (sameHumanBy(policies, facts)(admin, owner)) return { code: 'self-reset' };
  return isAdmin(policies, admin) ? null : { code: 'not-an-admin' };
}

/** Slack ids of the people who can be the second person, in the order of the policy. */
export function confirmersFor(
  policies: InForce,
  pair: { admin: string; owner: string },
  facts: RightsFacts,
): string[] {
  const isSame = sameHumanBy(policies, facts);
  return vouchersFor(policies, pair.owner, facts).filter((slack) => !isSame(slack, pair.admin));
}

/** Null: the admin still stands behind the reset, and this is a second person who may. */
export function barredFromConfirming(
  policies: InForce,
  people: { admin: string; peer: string; owner: string },
  facts: RightsFacts,
): ResetRefusal | null {
  const { admin, peer, owner } = people;
  if (peer === owner) return { code: 'self-reset' };
  if (sameHumanBy(policies, facts)(peer, admin)) {
    return {
      code: 'second-person-needed',
      confirmers: confirmersFor(policies, { admin, owner }, facts),
    };
  }
  const barred = barredFromVouching(policies, { voucher: peer, owner }, facts);
  if (barred) return barred.code === 'same-human' ? { code: 'self-reset' } : barred;
  if (barredFromStarting(policies, { admin, owner }, facts))
    return { code: 'reset-not-supported', person: admin };
  return null;
}

/** Null: who answered for the reset still may, so its owner can use it. */
export function barredFromUsing(
  policies: InForce,
  used: { reset: ConfirmedReset; owner: string },
  facts: RightsFacts,
): ResetRefusal | null {
  const { startedBy: admin, confirmedBy: peer } = used.reset;
  const barred = barredFromConfirming(policies, { admin, peer, owner: used.owner }, facts);
  if (!barred) return null;
  return barred.code === 'reset-not-supported'
    ? barred
    : { code: 'reset-not-supported', person: peer };
}

/** The reset through which a new authenticator can be set up now. */
export function usableReset(
  reset: ConfirmedReset,
  now: Date,
): Result<ConfirmedReset, ResetRefusal> {
  const at = now.toISOString();
  if (at < reset.opensAt) return refuse({ code: 'reset-waiting', until: reset.opensAt });
  return at < reset.closesAt ? ok(reset) : refuse({ code: 'reset-over' });
}

export function startReset(
  present: Authenticator,
  by: { resetId: string; admin: string; confirmers: readonly string[] },
  now: Date,
): Result<StartedReset, ResetRefusal> {
  const { reset } = present;
  if (reset?.stage === 'confirmed' && reset.closesAt > now.toISOString())
    return refuse({ code: 'reset-under-way', opensAt: reset.opensAt });
  const open = openStart(reset, now);
  if (open?.startedBy === by.admin)
    return refuse({ code: 'second-person-needed', confirmers: by.confirmers });
  if (open) return refuse({ code: 'reset-started', by: open.startedBy });
  return ok({
    stage: 'started',
    resetId: by.resetId,
    startedBy: by.admin,
    startedAt: now.toISOString(),
    confirmUntil: after(now, RESET.confirmSeconds),
    renews: isBeingReset(present),
  });
}

/** What the second person's word makes of it; the owner's earlier approvals fall with it. */
export function confirmReset(
  present: Authenticator,
  by: { reset: StartedReset; peer: string; delaySeconds: number },
  now: Date,
): Authenticator & { reset: ConfirmedReset } {
  const { resetId, startedBy, startedAt } = by.reset;
  return {
    ...present,
    approvalsVoidUntil: now.toISOString(),
    reset: {
      stage: 'confirmed',
      resetId,
      startedBy,
      startedAt,
      confirmedBy: by.peer,
      confirmedAt: now.toISOString(),
      opensAt: after(now, by.delaySeconds),
      closesAt: after(now, by.delaySeconds + RESET.openSeconds),
    },
  };
}

const after = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();
