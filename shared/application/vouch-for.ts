/**
 * An enrolled approver or admin answers for somebody who has no authenticator yet, with a code of their own that is
 * bound to the two of them. Gives the person a day to begin; gives nobody a link, and never counts for oneself.
 */
import { digestOf } from '../domain/audit/digest.ts';
import { ENROLMENT, type LiveLink } from '../domain/authenticator/enrolment.ts';
import {
  barredFromEnrolment,
  barredFromVouching,
} from '../domain/authenticator/enrolment-rights.ts';
import type { Enrolment } from '../domain/authenticator/model.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { check, put, type Stored, type Write } from '../ports.ts';
import { type EnrolDeps, type OfferRefusal, rightsFacts } from './enrol-parts.ts';
import { about, type Change, changeEnrolment } from './enrol-writes.ts';
import { recordRefusal } from './record-refusal.ts';
import { codeWrite, consumeCode, type VerifiedCode, verifyCode } from './verify-code.ts';

type Pair = { voucher: string; owner: string };
export type Vouched = { until: string };

/** What would refuse the voucher whatever the code: asked before the code is. */
export async function mayVouch(
  deps: EnrolDeps,
  pair: Pair,
): Promise<Result<{ relyOn: Write[] }, OfferRefusal>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const policies = inForce(active);
  if (policies.some(({ enrolment }) => enrolment === 'oidc'))
    return refuse({ code: 'sign-in-not-available' });
  const facts = await rightsFacts(deps, active, [pair.voucher, pair.owner]);
  const barred =
    barredFromVouching(policies, pair, facts) ?? barredFromEnrolment(policies, pair.owner, facts);
  if (barred) return refuse(barred);
  const present = await deps.journal.read('authenticator', pair.owner);
  if (present.value) return refuse({ code: 'already-enrolled', person: pair.owner });
  return ok({ relyOn: [check(active.pointer), check(present)] });
}

export async function vouchFor(
  deps: EnrolDeps,
  ask: Pair & { typed: string },
): Promise<Result<Vouched, OfferRefusal>> {
  const vouched = await vouch(deps, ask);
  if (!vouched.ok) {
    const { code } = vouched.error;
    const actor = { kind: 'person' as const, id: ask.voucher };
    await recordRefusal(deps, { actor, command: 'VouchForEnrolment', requestId: null, code });
  }
  return vouched;
}

async function vouch(
  deps: EnrolDeps,
  ask: Pair & { typed: string },
): Promise<Result<Vouched, OfferRefusal>> {
  const { voucher, owner, typed } = ask;
  const may = await mayVouch(deps, ask);
  if (!may.ok) return may;
  const contentHash = digestOf('vouch', { owner, voucher });
  const code = await verifyCode(deps, { owner: voucher, typed, contentHash, purpose: 'vouch' });
  if (!code.ok) return code;
  const done = await changeEnrolment(deps, owner, (base, now) =>
    vouchWrites(deps, { base, code: code.value, now }),
  );
  if (!done.ok) await consumeCode(deps, code.value);
  return done;
}

async function vouchWrites(
  deps: EnrolDeps,
  from: { base: Stored<'enrolment'>; code: VerifiedCode; now: Date },
): Promise<Result<Change<Vouched>, OfferRefusal>> {
  const { base, code, now } = from;
  const owner = base.id;
  const may = await mayVouch(deps, { voucher: code.owner, owner });
  if (!may.ok) return may;
  const spent = await codeWrite(deps.journal, code, now);
  if (!spent.ok) return spent;
  const by = { kind: 'person' as const, id: code.owner };
  const until = new Date(now.getTime() + ENROLMENT.vouchSeconds * 1000).toISOString();
  const { factor } = code.evidence;
  const event = { type: 'EnrolmentVouched' as const, ...about(owner, now, by), until, factor };
  const next = withVouch(base.value, { owner, vouch: { by, until } });
  return ok({
    writes: [put(base, next, [event]), ...spent.value, ...may.value.relyOn],
    value: { until },
  });
}

/** A link that is in use stays as it is. */
const withVouch = (
  enrolment: Enrolment | null,
  vouched: { owner: string; vouch: NonNullable<LiveLink['vouch']> },
): Enrolment =>
  enrolment && 'vouch' in enrolment && enrolment.stage !== 'vouched'
    ? { ...enrolment, vouch: vouched.vouch }
    : { stage: 'vouched', ...vouched };
