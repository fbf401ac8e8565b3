/**
 * Checks a one-time code for one decision at one content hash. The attempt is reserved before the secret is
 * even opened; only the matched step leaves here. Wrong and locked are one refusal, without a count. The step
 * is consumed by the transaction of the decision (codeWrite), or on its own when that decision is refused; a code whose
 * authenticator was replaced or reset since it was checked is worth nothing there.
 */
import type { CodeEvidence } from '../domain/access-request/command.ts';
import {
  acceptStep,
  canonicalCode,
  reserveAttempt,
  returnAttempt,
} from '../domain/authenticator/attempts.ts';
import type { Authenticator, AuthenticatorEvent } from '../domain/authenticator/model.ts';
import { isBeingReset } from '../domain/authenticator/reset.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import {
  type Clock,
  Fault,
  type Journal,
  type OneTimeCodes,
  put,
  type SecretBox,
  type Stored,
  type Write,
} from '../ports.ts';

export type CodeRefusal =
  | { code: 'not-enrolled' }
  | { code: 'authenticator-on-hold'; until: string }
  | { code: 'code-malformed' }
  | { code: 'code-refused' }
  | { code: 'code-already-used' }
  /** It may be in other hands: nothing made by it counts until the reset is over or called off. */
  | { code: 'authenticator-being-reset' };

/** Why a code that was right when it was checked cannot be spent any more. */
export type SpendRefusal =
  | { code: 'code-already-used' }
  | { code: 'authenticator-replaced' }
  | { code: 'authenticator-being-reset' };

/** A code that was right when it was checked; `codeWrite` still has to win the race for its step. */
export type VerifiedCode = {
  owner: string;
  /** The authenticator that made it: it counts only while this one is in place. */
  authenticatorId: string;
  purpose: string;
  evidence: CodeEvidence;
};

export type CodePurpose =
  | 'ask'
  | 'ask-extension'
  | 'approve'
  | 'extend'
  | 'pause'
  | 'stop'
  | 'vouch'
  | 'replace'
  | 'recovery-codes'
  | 'reset-start'
  | 'reset-confirm';
/** What a new authenticator may be used for at once: its owner's own affairs, never a word for others. */
const NOT_HELD: readonly CodePurpose[] = ['ask', 'ask-extension', 'replace', 'recovery-codes'];

export type CodeDeps = {
  journal: Journal;
  clock: Clock;
  codes: OneTimeCodes;
  secretBox: SecretBox;
  tenant: string;
};

export async function verifyCode(
  deps: CodeDeps,
  given: {
    owner: string;
    typed: string;
    contentHash: string;
    purpose: CodePurpose;
  },
): Promise<Result<VerifiedCode, CodeRefusal>> {
  const digits = canonicalCode(given.typed);
  const now = deps.clock.now();
  const reserved = await reserve(deps, { ...given, digits, now });
  if (!reserved.ok) return reserved;
  const authenticator = reserved.value;
  const context = sealContext(deps.tenant, authenticator);
  const secret = await deps.secretBox.open(authenticator.sealed, context);
  const step = digits === null ? null : deps.codes.matchStep(secret, digits, now);
  secret.fill(0);
  if (step === null) {
    await note(deps.journal, given.owner, { now, event: refusedEvent(given.owner, now, 'wrong') });
    return refuse({ code: 'code-refused' });
  }
  if (step <= authenticator.lastStep) {
    const event = refusedEvent(given.owner, now, 'replayed');
    await note(deps.journal, given.owner, { now, event, change: returnAttempt });
    return refuse({ code: 'code-already-used' });
  }
  const factor = { kind: 'totp' as const, step };
  const evidence = { factor, contentHash: given.contentHash };
  const { owner, purpose } = given;
  return ok({ owner, purpose, evidence, authenticatorId: authenticator.authenticatorId });
}

/** What the sealed secret is bound to. */
export const sealContext = (
  tenant: string,
  authenticator: { owner: string; authenticatorId: string },
): Record<string, string> => ({
  tenant,
  owner: authenticator.owner,
  authenticator: authenticator.authenticatorId,
});

type Attempt = { owner: string; purpose: CodePurpose; digits: string | null; now: Date };
const TRIES = 20;

async function reserve(
  deps: CodeDeps,
  attempt: Attempt,
): Promise<Result<Authenticator, CodeRefusal>> {
  const { owner, now } = attempt;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const base = await deps.journal.read('authenticator', owner);
    if (!base.value) return refuse({ code: 'not-enrolled' });
    if (isBeingReset(base.value)) return refuse({ code: 'authenticator-being-reset' });
    const at = now.toISOString();
    if (!NOT_HELD.includes(attempt.purpose) && base.value.mayApproveFrom > at)
      return refuse({ code: 'authenticator-on-hold', until: base.value.mayApproveFrom });
    // Not six digits: nothing is compared, so nothing is learnt and no attempt is spent.
    if (attempt.digits === null) return refuse({ code: 'code-malformed' });
    const reserved = reserveAttempt(base.value, now);
    if (!reserved) {
      await note(deps.journal, owner, { now, event: refusedEvent(owner, now, 'locked') });
      return refuse({ code: 'code-refused' });
    }
    const locks: AuthenticatorEvent[] =
      reserved.lockedUntil === null && !reserved.needsProof
        ? []
        : [{ type: 'AuthenticatorLocked', ...about(owner, now), until: reserved.lockedUntil }];
    const result = await deps.journal.commit([put(base, reserved, locks)], now);
    if (result.committed) return ok(reserved);
  }
  throw new Fault('Too many codes are being tried at once for this authenticator. Try again.', {
    service: 'journal',
    retryable: true,
  });
}

/** The write that consumes the step, for the decision's own transaction. */
export async function codeWrite(
  journal: Journal,
  code: VerifiedCode,
  now: Date,
): Promise<Result<Write[], SpendRefusal>> {
  const base = await journal.read('authenticator', code.owner);
  const { step } = code.evidence.factor;
  if (base.value?.authenticatorId !== code.authenticatorId)
    return refuse({ code: 'authenticator-replaced' });
  if (isBeingReset(base.value)) return refuse({ code: 'authenticator-being-reset' });
  if (base.value.lastStep >= step) return refuse({ code: 'code-already-used' });
  const event: AuthenticatorEvent = {
    type: 'CodeAccepted',
    ...about(code.owner, now),
    step,
    purpose: code.purpose,
  };
  return ok([put(base, acceptStep(base.value, step), [event])]);
}

/** The decision was refused although the code was right: the step is spent all the same. */
export async function consumeCode(
  deps: { journal: Journal; clock: Clock },
  code: VerifiedCode,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const now = deps.clock.now();
    const writes = await codeWrite(deps.journal, code, now);
    if (!writes.ok) return;
    if ((await deps.journal.commit(writes.value, now)).committed) return;
  }
}

async function note(
  journal: Journal,
  owner: string,
  what: {
    now: Date;
    event: AuthenticatorEvent;
    change?: (authenticator: Authenticator) => Authenticator;
  },
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const base: Stored<'authenticator'> = await journal.read('authenticator', owner);
    if (!base.value) return;
    const next = what.change ? what.change(base.value) : base.value;
    if ((await journal.commit([put(base, next, [what.event])], what.now)).committed) return;
  }
}

const about = (owner: string, now: Date) => ({
  v: 1 as const,
  owner,
  at: now.toISOString(),
  actor: { kind: 'person' as const, id: owner },
});

const refusedEvent = (
  owner: string,
  now: Date,
  reason: 'wrong' | 'replayed' | 'locked',
): AuthenticatorEvent => ({ type: 'CodeRefused', ...about(owner, now), reason });
