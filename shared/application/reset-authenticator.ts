/**
 * For who lost authenticator and recovery codes. An admin starts it, a second person confirms it, each with a code of
 * their own that is bound to this reset; rights are judged anew at each step, of the admin at the second one, too. Nobody
 * here chooses or sees a secret: all it gives is that the owner may enrol anew once the policy's delay is over.
 */
import { digestOf } from '../domain/audit/digest.ts';
import type { AuthenticatorEvent } from '../domain/authenticator/model.ts';
import {
  barredFromConfirming,
  barredFromStarting,
  confirmReset as confirmed,
  confirmersFor,
  openStart,
  type StartedReset,
  startReset as started,
} from '../domain/authenticator/reset.ts';
import { inForce, longestOf } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { check, put, type Stored } from '../ports.ts';
import { type EnrolDeps, type OfferRefusal, rightsFacts } from './enrol-parts.ts';
import { about, type Change } from './enrol-writes.ts';
import type { ActivePolicy } from './policies.ts';
import { recorded, withCode } from './reset-parts.ts';
import { codeWrite, type VerifiedCode } from './verify-code.ts';

/** What the person who wants a reset is to be asked. */
export type ResetStep =
  | { step: 'start'; confirmers: readonly string[] }
  | { step: 'confirm'; resetId: string; startedBy: string };
export type ResetStarted = { resetId: string; confirmUntil: string; confirmers: readonly string[] };
export type ResetConfirmed = { opensAt: string; closesAt: string };

/** What would refuse this person whatever the code: asked before the code is. */
export async function mayReset(
  deps: EnrolDeps,
  ask: { by: string; owner: string },
): Promise<Result<ResetStep, OfferRefusal>> {
  const present = await deps.journal.read('authenticator', ask.owner);
  const open = openStart(present.value?.reset ?? null, deps.clock.now());
  if (open) {
    const may = await mayConfirm(deps, { ...ask, reset: open });
    return may.ok
      ? ok({ step: 'confirm', resetId: open.resetId, startedBy: open.startedBy })
      : refuse(may.error);
  }
  const may = await mayStart(deps, { present, by: ask.by });
  if (!may.ok) return may;
  const { confirmers } = may.value;
  const { now, value } = { now: deps.clock.now(), value: may.value.value };
  const possible = started(value, { resetId: '', admin: ask.by, confirmers }, now);
  return possible.ok ? ok({ step: 'start', confirmers }) : possible;
}

/** The same for one reset in particular: the button of one that is over must lead to no other. */
export async function mayConfirmReset(
  deps: EnrolDeps,
  ask: { by: string; owner: string; resetId: string },
): Promise<Result<StartedReset, OfferRefusal>> {
  const { by, owner, resetId } = ask;
  const { value } = await deps.journal.read('authenticator', owner);
  const reset = openStart(value?.reset ?? null, deps.clock.now());
  if (reset?.resetId !== resetId) return refuse({ code: 'no-reset' });
  const may = await mayConfirm(deps, { by, owner, reset });
  return may.ok ? ok(reset) : may;
}

export const startReset = (
  deps: EnrolDeps,
  ask: { by: string; owner: string; typed: string },
): Promise<Result<ResetStarted, OfferRefusal>> =>
  recorded(deps, { by: ask.by, command: 'StartAuthenticatorReset' }, async () => {
    const { by, owner } = ask;
    const present = await deps.journal.read('authenticator', owner);
    const may = await mayStart(deps, { present, by });
    if (!may.ok) return may;
    const contentHash = digestOf('reset-start', { owner, by });
    const coded = { ...ask, purpose: 'reset-start' as const, contentHash };
    return withCode(deps, coded, (base, code, now) => startWrites(deps, { base, code, now }));
  });

/** `resetId`: the reset that the person saw; another one in its place is not what they confirm. */
export const confirmReset = (
  deps: EnrolDeps,
  ask: { by: string; owner: string; typed: string; resetId: string },
): Promise<Result<ResetConfirmed, OfferRefusal>> =>
  recorded(deps, { by: ask.by, command: 'ConfirmAuthenticatorReset' }, async () => {
    const { owner, resetId } = ask;
    const may = await mayConfirmReset(deps, ask);
    if (!may.ok) return may;
    const contentHash = digestOf('reset-confirm', { owner, resetId });
    const coded = { ...ask, purpose: 'reset-confirm' as const, contentHash };
    return withCode(deps, coded, (base, code, now) =>
      confirmWrites(deps, { base, code, now, resetId }),
    );
  });

type Standing = { base: Stored<'authenticator'>; code: VerifiedCode; now: Date };

async function mayStart(deps: EnrolDeps, ask: { present: Stored<'authenticator'>; by: string }) {
  const { id: owner, value } = ask.present;
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' as const });
  const facts = await rightsFacts(deps, active, [ask.by, owner]);
  const pair = { admin: ask.by, owner };
  const barred = barredFromStarting(inForce(active), pair, facts);
  if (barred) return refuse(barred);
  if (!value) return refuse({ code: 'nothing-to-reset' as const, person: owner });
  return ok({ active, value, confirmers: confirmersFor(inForce(active), pair, facts) });
}

async function startWrites(
  deps: EnrolDeps,
  { base, code, now }: Standing,
): Promise<Result<Change<ResetStarted>, OfferRefusal>> {
  const { id: owner } = base;
  const may = await mayStart(deps, { present: base, by: code.owner });
  if (!may.ok) return may;
  const { active, value, confirmers } = may.value;
  const by = { resetId: deps.ids.unique(), admin: code.owner, confirmers };
  const reset = started(value, by, now);
  if (!reset.ok) return reset;
  const { resetId, confirmUntil } = reset.value;
  const event: AuthenticatorEvent = {
    type: 'AuthenticatorResetStarted',
    ...about(owner, now, { kind: 'person', id: code.owner }),
    ...{ authenticatorId: value.authenticatorId, resetId, confirmUntil },
    factor: code.evidence.factor,
  };
  return withSpent(
    deps,
    { base, code, now },
    {
      writes: [put(base, { ...value, reset: reset.value }, [event]), check(active.pointer)],
      value: { resetId, confirmUntil, confirmers },
    },
  );
}

async function mayConfirm(
  deps: EnrolDeps,
  ask: { by: string; owner: string; reset: StartedReset },
): Promise<Result<ActivePolicy, OfferRefusal>> {
  const { by: peer, owner } = ask;
  const { startedBy: admin } = ask.reset;
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const facts = await rightsFacts(deps, active, [...new Set([peer, admin, owner])]);
  const barred = barredFromConfirming(inForce(active), { admin, peer, owner }, facts);
  return barred ? refuse(barred) : ok(active);
}

async function confirmWrites(
  deps: EnrolDeps,
  { base, code, now, resetId }: Standing & { resetId: string },
): Promise<Result<Change<ResetConfirmed>, OfferRefusal>> {
  const { id: owner, value } = base;
  const reset = openStart(value?.reset ?? null, now);
  if (!value || reset?.resetId !== resetId) return refuse({ code: 'no-reset' });
  const may = await mayConfirm(deps, { by: code.owner, owner, reset });
  if (!may.ok) return may;
  const delaySeconds = longestOf(inForce(may.value), (each) => each.authenticator_reset_delay);
  const next = confirmed(value, { reset, peer: code.owner, delaySeconds }, now);
  const { opensAt, closesAt, startedBy } = next.reset;
  const event: AuthenticatorEvent = {
    type: 'AuthenticatorResetConfirmed',
    ...about(owner, now, { kind: 'person', id: code.owner }),
    ...{ authenticatorId: value.authenticatorId, resetId, startedBy, opensAt, closesAt },
    factor: code.evidence.factor,
  };
  return withSpent(
    deps,
    { base, code, now },
    {
      writes: [put(base, next, [event]), check(may.value.pointer)],
      value: { opensAt, closesAt },
    },
  );
}

/** Adds the write that consumes the code: of another person's authenticator, always. */
async function withSpent<T>(
  deps: EnrolDeps,
  { code, now }: Standing,
  change: Change<T>,
): Promise<Result<Change<T>, OfferRefusal>> {
  const spent = await codeWrite(deps.journal, code, now);
  return spent.ok ? ok({ ...change, writes: [...change.writes, ...spent.value] }) : spent;
}
