import type { Ids } from '../../shared/ports.ts';
import type { Rng } from './rng.ts';

const CROCKFORD = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const HEX = [...'0123456789abcdef'];

/** Ids from the seed. */
export function simIds(rng: Rng): Ids {
  const text = (alphabet: readonly string[], length: number) =>
    Array.from({ length }, () => rng.pick(alphabet)).join('');
  return {
    requestId: () => `AR-${text(CROCKFORD, 6)}`,
    unique: () => text(HEX, 32),
    token: () => text(HEX, 43),
    secret: (bytes) => Uint8Array.from({ length: bytes }, () => rng.between(0, 255)),
  };
}
