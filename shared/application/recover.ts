/**
 * A recovery code opens the replacing of its authenticator, and nothing else. Tries are reserved before the secret is
 * opened, on a counter of their own; the code is struck from the list in the transaction that makes the link, so it serves
 * once however often it is sent. Wrong, used and locked are one refusal.
 */
import { reserveAttempt, UNTRIED } from '../domain/authenticator/attempts.ts';
import type {
  Authenticator,
  AuthenticatorEvent,
  RecoveryCodes,
} from '../domain/authenticator/model.ts';
import { canonicalRecoveryCode } from '../domain/authenticator/recovery.ts';
import { isBeingReset } from '../domain/authenticator/reset.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { check, put, type Stored } from '../ports.ts';
import {
  type EnrolDeps,
  newLink,
  type Offered,
  type OfferRefusal,
  permitted,
} from './enrol-parts.ts';
import { about, type Change, changeAuthenticator, changeEnrolment } from './enrol-writes.ts';
import { recordRefusal } from './record-refusal.ts';
import { sealContext } from './verify-code.ts';

export type Recovered = Offered & {
  /** Unused codes that remain. */
  left: number;
};
type Listed = Authenticator & { recovery: RecoveryCodes };

export async function recover(
  deps: EnrolDeps,
  ask: { owner: string; typed: string },
): Promise<Result<Recovered, OfferRefusal>> {
  const recovered = await attempt(deps, ask);
  if (!recovered.ok) {
    const { code } = recovered.error;
    const actor = { kind: 'person' as const, id: ask.owner };
    await recordRefusal(deps, { actor, command: 'RecoverAuthenticator', requestId: null, code });
  }
  return recovered;
}

async function attempt(
  deps: EnrolDeps,
  { owner, typed }: { owner: string; typed: string },
): Promise<Result<Recovered, OfferRefusal>> {
  // Who may not enrol at all does not get to try.
  const may = await permitted(deps, owner);
  if (!may.ok) return may;
  const code = canonicalRecoveryCode(typed);
  const reserved = await reserve(deps, owner, code);
  if (!reserved.ok) return reserved;
  if (reserved.value === 'locked' || code === null)
    return refuse({ code: 'recovery-code-refused' });
  const { authenticatorId, sealed, recovery } = reserved.value;
  const secret = await deps.secretBox.open(sealed, sealContext(deps.tenant, reserved.value));
  const digest = deps.codes.recoveryDigest(secret, authenticatorId, code);
  secret.fill(0);
  if (deps.codes.matchDigest(recovery.digests, digest) === null) {
    await noteWrong(deps, owner);
    return refuse({ code: 'recovery-code-refused' });
  }
  return changeEnrolment(deps, owner, (base, now) =>
    link(deps, { base, authenticatorId, digest, now }),
  );
}

/** Counts the try before anything is compared. */
const reserve = (
  deps: EnrolDeps,
  owner: string,
  code: string | null,
): Promise<Result<Listed | 'locked', OfferRefusal>> =>
  changeAuthenticator<Listed | 'locked', OfferRefusal>(deps, owner, async (base, now) => {
    const listed = listedIn(base);
    if (!listed.ok) return listed;
    // Not shaped like one: nothing is compared, so no try is spent.
    if (code === null) return refuse({ code: 'recovery-code-malformed' });
    const counted = reserveAttempt(listed.value.recovery, now);
    if (!counted) {
      const event = refused(owner, now, 'locked');
      return ok({ writes: [put(base, listed.value, [event])], value: 'locked' });
    }
    const next: Listed = { ...listed.value, recovery: counted };
    const { lockedUntil: until, needsProof } = counted;
    const locks: AuthenticatorEvent[] =
      until === null && !needsProof
        ? []
        : [{ type: 'RecoveryLocked', ...about(owner, now), until: needsProof ? null : until }];
    return ok({ writes: [put(base, next, locks)], value: next });
  });

/** Only codes that count: of an authenticator that is in place and not being reset. */
function listedIn({ value }: Stored<'authenticator'>): Result<Listed, OfferRefusal> {
  if (!value) return refuse({ code: 'not-enrolled' });
  if (isBeingReset(value)) return refuse({ code: 'authenticator-being-reset' });
  const { recovery } = value;
  return recovery && recovery.digests.length > 0
    ? ok({ ...value, recovery })
    : refuse({ code: 'no-recovery-codes' });
}

async function link(
  deps: EnrolDeps,
  from: { base: Stored<'enrolment'>; authenticatorId: string; digest: string; now: Date },
): Promise<Result<Change<Recovered>, OfferRefusal>> {
  const { base, authenticatorId, digest, now } = from;
  const owner = base.id;
  const may = await permitted(deps, owner);
  if (!may.ok) return may;
  const present = await deps.journal.read('authenticator', owner);
  const listed = listedIn(present);
  if (!listed.ok) return listed;
  const { recovery } = listed.value;
  // Replaced meanwhile, or the same code was faster.
  if (listed.value.authenticatorId !== authenticatorId || !recovery.digests.includes(digest))
    return refuse({ code: 'recovery-code-refused' });
  const digests = recovery.digests.filter((each) => each !== digest);
  const made = newLink(deps, { base, owner, now, vouch: null, replaces: authenticatorId });
  const left = digests.length;
  const event = {
    type: 'RecoveryCodeUsed' as const,
    ...about(owner, now),
    ...{ authenticatorId, left, leadsTo: made.authenticatorId },
  };
  const next = { ...listed.value, recovery: { digests, ...UNTRIED } };
  const writes = [made.write, put(present, next, [event]), check(may.value.active.pointer)];
  return ok({ writes, value: { ...made.offered, left } });
}

const refused = (owner: string, now: Date, reason: 'wrong' | 'locked'): AuthenticatorEvent => ({
  type: 'RecoveryCodeRefused',
  ...about(owner, now),
  reason,
});

const noteWrong = (deps: EnrolDeps, owner: string) =>
  changeAuthenticator(deps, owner, async (base, now) =>
    ok({
      writes: base.value ? [put(base, base.value, [refused(owner, now, 'wrong')])] : [],
      value: null,
    }),
  );
