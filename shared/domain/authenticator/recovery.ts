/**
 * Recovery codes as people write them down: 140 random bits each, in Crockford's letters, so that what is read as O or I
 * is what was printed as 0 or 1. Each serves once and for one thing: to begin replacing the authenticator it belongs to.
 */
import type { Authenticator } from './model.ts';

export const RECOVERY = { codes: 10, bytes: 18, warnAt: 3 } as const;

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 28;
const LONGEST_TYPED = 80;

/** Seven groups of four from 18 random bytes; the last four bits are not used. */
export function recoveryCodeFrom(bytes: Uint8Array): string {
  if (bytes.length !== RECOVERY.bytes)
    throw new Error(`A recovery code is made from ${RECOVERY.bytes} bytes.`);
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = Array.from({ length: LENGTH }, (_, index) =>
    LETTERS.charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)),
  );
  return (letters.join('').match(/.{4}/g) ?? []).join('-');
}

/** The code in its printed form, or null when it cannot be one. ASCII only: other alphabets have capitals of their own. */
export function canonicalRecoveryCode(typed: string): string | null {
  if (typed.length > LONGEST_TYPED || !/^[0-9A-Za-z -]+$/.test(typed)) return null;
  const read = typed
    .toUpperCase()
    .replaceAll(/[ -]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (read.length !== LENGTH || [...read].some((letter) => !LETTERS.includes(letter))) return null;
  return (read.match(/.{4}/g) ?? []).join('-');
}

export const recoveryCodesLeft = ({ recovery }: Authenticator): number =>
  recovery?.digests.length ?? 0;
