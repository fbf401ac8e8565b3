/**
 * Counting attempts before they are verified (RFC 6238 section 5.2, OWASP ASVS 6.5.1): a reservation already
 * carries the lock it would cause, so a crash or a race can only cost the attacker, never give a free try.
 */
import type { Authenticator } from './model.ts';

export const ATTEMPTS = { perLock: 5, lockSeconds: 15 * 60, inRow: 10 } as const;

export type Counter = Pick<
  Authenticator,
  'attempts' | 'failuresInRow' | 'lockedUntil' | 'needsProof'
>;
export const UNTRIED: Counter = {
  attempts: 0,
  failuresInRow: 0,
  lockedUntil: null,
  needsProof: false,
};

/** With one more attempt reserved, or null while it is locked. */
export function reserveAttempt<C extends Counter>(counted: C, now: Date): C | null {
  const at = now.toISOString();
  const { lockedUntil, needsProof } = counted;
  if (needsProof || (lockedUntil !== null && lockedUntil > at)) return null;
  const attempts = (lockedUntil === null ? counted.attempts : 0) + 1;
  const failuresInRow = counted.failuresInRow + 1;
  const locks = attempts >= ATTEMPTS.perLock;
  const until = new Date(now.getTime() + ATTEMPTS.lockSeconds * 1000).toISOString();
  return {
    ...counted,
    attempts,
    failuresInRow,
    lockedUntil: locks ? until : null,
    needsProof: failuresInRow >= ATTEMPTS.inRow,
  };
}

/** The authenticator after a code of this step was accepted. */
export const acceptStep = (authenticator: Authenticator, step: number): Authenticator => ({
  ...authenticator,
  ...UNTRIED,
  lastStep: step,
});

/** Takes one reservation back: a correct code that was used before costs no attempt. */
export const returnAttempt = (authenticator: Authenticator): Authenticator => ({
  ...authenticator,
  attempts: Math.max(0, authenticator.attempts - 1),
  failuresInRow: Math.max(0, authenticator.failuresInRow - 1),
  lockedUntil: authenticator.attempts - 1 < ATTEMPTS.perLock ? null : authenticator.lockedUntil,
  needsProof: authenticator.failuresInRow - 1 >= ATTEMPTS.inRow,
});

/** Six ASCII digits after dropping ASCII spaces; anything else is not a code. */
export function canonicalCode(typed: string): string | null {
  if (typed.length > 32) return null;
  const digits = typed.replaceAll(' ', '');
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}
