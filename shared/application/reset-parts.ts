/** What starting, confirming and calling off a reset share: the code that goes with a decision, the record of a refusal. */
import type { Result } from '../domain/result.ts';
import type { Stored } from '../ports.ts';
import type { EnrolDeps, OfferRefusal } from './enrol-parts.ts';
import { type Change, changeAuthenticator } from './enrol-writes.ts';
import { recordRefusal } from './record-refusal.ts';
import { type CodePurpose, consumeCode, type VerifiedCode, verifyCode } from './verify-code.ts';

/** A reset is decided with a code of who decides; refused, the code is spent all the same. */
export async function withCode<T>(
  deps: EnrolDeps,
  ask: { by: string; owner: string; typed: string; purpose: CodePurpose; contentHash: string },
  decide: (
    base: Stored<'authenticator'>,
    code: VerifiedCode,
    now: Date,
  ) => Promise<Result<Change<T>, OfferRefusal>>,
): Promise<Result<T, OfferRefusal>> {
  const { by, owner, typed, purpose, contentHash } = ask;
  const code = await verifyCode(deps, { owner: by, typed, purpose, contentHash });
  if (!code.ok) return code;
  const done = await changeAuthenticator<T, OfferRefusal>(deps, owner, (base, now) =>
    decide(base, code.value, now),
  );
  if (!done.ok) await consumeCode(deps, code.value);
  return done;
}

/** Whoever is refused is on record. */
export async function recorded<T>(
  deps: EnrolDeps,
  who: { by: string; command: string },
  run: () => Promise<Result<T, OfferRefusal>>,
): Promise<Result<T, OfferRefusal>> {
  const done = await run();
  if (!done.ok) {
    const actor = { kind: 'person' as const, id: who.by };
    const { code } = done.error;
    await recordRefusal(deps, { actor, command: who.command, requestId: null, code });
  }
  return done;
}
