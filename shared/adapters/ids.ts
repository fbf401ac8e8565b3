/** Ids and secrets from a source of random bytes that the composition root hands in. */
import type { Ids } from '../ports.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function idsFrom(randomBytes: (size: number) => Uint8Array): Ids {
  const encoded = (size: number, encoding: 'hex' | 'base64url') =>
    Buffer.from(randomBytes(size)).toString(encoding);
  return {
    // 32 symbols: the low five bits of a random byte are one symbol without bias.
    requestId: () =>
      `AR-${[...randomBytes(6)].map((byte) => CROCKFORD.charAt(byte & 31)).join('')}`,
    unique: () => encoded(16, 'hex'),
    token: () => encoded(32, 'base64url'),
    secret: (bytes) => randomBytes(bytes),
  };
}
