/**
 * Compares two streams of millions of leaves in constant memory: each leaf, hashed together with a key that nobody knew when the
 * data was made, is added to (or taken from) one of a few thousand sums. Two streams that hold the same leaves leave every sum
 * at zero; streams that differ do so except with a chance of 2^-128. All leaves of a chain share a sum, so what differs can
 * then be looked at closely, a few chains at a time.
 */
import { hash } from 'node:crypto';
import type { Leaf } from './checkpoint.ts';

/** How many chains share a sum falls with it; so does what a close look has to hold. */
export const SUMS = 4096;
const LANES = 4;

export type Multiset = {
  add(leaf: Leaf): void;
  take(leaf: Leaf): void;
  /** Sums that are not zero. */
  differing(): number[];
};

/** @param key random, made anew for each comparison */
export function openMultiset(key: string): Multiset {
  const lanes = new Uint32Array(SUMS * LANES);
  const digestOf = openKeyed(key);
  const apply = (leaf: Leaf, sign: 1 | -1) => {
    const digest = digestOf(leaf);
    const start = sumOf(leaf.chain) * LANES;
    // Whole numbers modulo 2^32: the typed array wraps.
    for (let lane = 0; lane < LANES; lane += 1)
      lanes[start + lane] = (lanes[start + lane] ?? 0) + sign * (digest[lane] ?? 0);
  };
  return {
    add: (leaf) => apply(leaf, 1),
    take: (leaf) => apply(leaf, -1),
    differing() {
      const sums = new Set<number>();
      for (let lane = 0; lane < lanes.length; lane += 1)
        if (lanes[lane] !== 0) sums.add(Math.floor(lane / LANES));
      return [...sums];
    },
  };
}

const SHA256_BYTES = 32;

/** SHA-256 of key, hash, number and chain, as numbers of 32 bits in an array that is used again for every leaf. */
function openKeyed(key: string): (leaf: Leaf) => Uint32Array {
  const words = new Uint32Array(SHA256_BYTES / Uint32Array.BYTES_PER_ELEMENT);
  const digest = Buffer.from(words.buffer);
  return ({ chain, seq, hash: own }) => {
    digest.write(hash('sha256', `${key}\n${own}\n${seq}\n${chain}`, 'binary'), 'latin1');
    return words;
  };
}

/** Which sum a chain counts in. No secret: who steers chains into one sum only makes one close look longer. */
export function sumOf(chain: string): number {
  let mixed = 0x811c9dc5;
  for (let i = 0; i < chain.length; i += 1)
    mixed = Math.imul(mixed ^ chain.charCodeAt(i), 0x01000193);
  return (mixed >>> 0) % SUMS;
}
