/**
 * A link for somebody whose authenticator was reset: only after the delay, only for a while, only while both who answered
 * for it still may. The link dies with the reset, and the reset with the authenticator that comes of it.
 */
import {
  barredFromUsing,
  type ConfirmedReset,
  usableReset,
} from '../domain/authenticator/reset.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { check, put, type Stored } from '../ports.ts';
import {
  type EnrolDeps,
  newLink,
  type Offered,
  type OfferRefusal,
  permitted,
  rightsFacts,
} from './enrol-parts.ts';
import { about, type Change, changeEnrolment } from './enrol-writes.ts';

export const offerByReset = (
  deps: EnrolDeps,
  owner: string,
): Promise<Result<Offered, OfferRefusal>> =>
  changeEnrolment(deps, owner, (base, now) => resetLink(deps, base, now));

async function resetLink(
  deps: EnrolDeps,
  base: Stored<'enrolment'>,
  now: Date,
): Promise<Result<Change<Offered>, OfferRefusal>> {
  const owner = base.id;
  const present = await deps.journal.read('authenticator', owner);
  const { value } = present;
  // One that ran out and was begun anew is not confirmed yet.
  if (value?.reset?.stage === 'started') return refuse({ code: 'reset-over' });
  if (!value?.reset) return refuse({ code: 'no-reset' });
  const usable = usableReset(value.reset, now);
  if (!usable.ok) return usable;
  const may = await supported(deps, usable.value, owner);
  if (!may.ok) return may;
  const { authenticatorId: replaces } = value;
  const { resetId } = usable.value;
  const link = newLink(deps, { base, owner, now, vouch: null, replaces, resetId });
  const event = {
    type: 'AuthenticatorResetUsed' as const,
    ...about(owner, now),
    authenticatorId: replaces,
    resetId,
    leadsTo: link.authenticatorId,
  };
  const writes = [link.write, put(present, value, [event]), check(may.value.pointer)];
  return ok({ writes, value: link.offered });
}

async function supported(deps: EnrolDeps, reset: ConfirmedReset, owner: string) {
  const may = await permitted(deps, owner);
  if (!may.ok) return may;
  const { active } = may.value;
  const facts = await rightsFacts(deps, active, [owner, reset.startedBy, reset.confirmedBy]);
  const barred = barredFromUsing(inForce(active), { reset, owner }, facts);
  return barred ? refuse(barred) : ok({ pointer: active.pointer });
}
