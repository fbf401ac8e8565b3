/**
 * Time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 s) on @otplib/totp. Accepts the step of now and the one
 * before it, never a later one: a code that does not exist yet on an honest clock is not accepted on ours.
 * Takes canonical digits only; cleaning up what people type is the caller's, done once. Keeps nothing. The secret also keys
 * the digests of recovery codes, so that the table alone does not even tell whether a guess is right.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type CryptoPlugin, generateSync } from '@otplib/totp';
import type { OneTimeCodes } from '../ports.ts';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const nodeCrypto: CryptoPlugin = {
  name: 'node',
  hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
  randomBytes: () => {
    throw new Error('Secrets are made by Ids, never by the library of codes.');
  },
  constantTimeEqual: (a, b) => equal(Buffer.from(a), Buffer.from(b)),
};
const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b);

export type CodeOptions = {
  /** Names the product in people's authenticator apps. */
  issuer?: string;
  /** `now-only` is the strict mode. */
  accept?: 'now-and-before' | 'now-only';
};

export function oneTimeCodes({
  issuer = 'Hallpass',
  accept = 'now-and-before',
}: CodeOptions = {}): OneTimeCodes {
  return {
    matchStep(secret, sixDigits, now) {
      const step = Math.floor(now.getTime() / 1000 / PERIOD_SECONDS);
      const steps = accept === 'now-only' ? [step] : [step, step - 1];
      const typed = Buffer.from(sixDigits);
      // Every step is compared, so that the time taken does not tell which one matched.
      const matched = steps.filter((each) => equal(typed, Buffer.from(codeOf(secret, each))));
      return matched[0] ?? null;
    },
    provisioning(secret, label) {
      const key = base32(secret);
      const name = `${encodeURIComponent(issuer)}:${encodeURIComponent(label)}`;
      const parameters = `secret=${key}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${PERIOD_SECONDS}`;
      return { uri: `otpauth://totp/${name}?${parameters}`, key: inFours(key) };
    },
    recoveryDigest: (secret, authenticatorId, code) =>
      createHmac('sha256', secret)
        .update(JSON.stringify(['hallpass-recovery-code', authenticatorId, code]))
        .digest('hex'),
    matchDigest(digests, digest) {
      const typed = Buffer.from(digest);
      const matched = digests.map((each) => equal(typed, Buffer.from(each))).indexOf(true);
      return matched < 0 ? null : matched;
    },
  };
}

const codeOf = (secret: Uint8Array, step: number): string =>
  generateSync({
    secret,
    epoch: step * PERIOD_SECONDS,
    period: PERIOD_SECONDS,
    digits: DIGITS,
    algorithm: 'sha1',
    crypto: nodeCrypto,
  });

/** RFC 4648 without padding, as authenticator apps expect it; 20 bytes are exactly 32 characters. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => BASE32.charAt(Number.parseInt(group.padEnd(5, '0'), 2))).join('');
}

const inFours = (key: string): string => key.match(/.{1,4}/g)?.join(' ') ?? '';
