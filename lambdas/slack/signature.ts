/**
 * Slack's request signature: `v0=` + HMAC-SHA256 over `v0:<timestamp>:<raw bytes>`. Compared in constant time, against
 * every secret that is valid now (rotation without downtime). Nothing of the body is read before this said yes.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignedParts = {
  readonly timestamp: string;
  readonly signature: string;
  readonly raw: Uint8Array;
};

const TOLERANCE_SECONDS = 300;
const TIMESTAMP = /^[1-9][0-9]{8,10}$/;
const SIGNATURE = /^v0=[0-9a-f]{64}$/;

/** Cheap, and needs no secret: false for what cannot be right whatever the secret is. Past and future count alike. */
export function isPlausible({ timestamp, signature }: SignedParts, now: Date): boolean {
  if (!TIMESTAMP.test(timestamp) || !SIGNATURE.test(signature)) return false;
  const age = Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp));
  return age <= TOLERANCE_SECONDS;
}

export function isSigned(parts: SignedParts, secrets: readonly string[]): boolean {
  const given = Buffer.from(parts.signature);
  let signed = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const mac = createHmac('sha256', secret).update(`v0:${parts.timestamp}:`).update(parts.raw);
    const wanted = Buffer.from(`v0=${mac.digest('hex')}`);
    signed = (wanted.length === given.length && timingSafeEqual(wanted, given)) || signed;
  }
  return signed;
}
