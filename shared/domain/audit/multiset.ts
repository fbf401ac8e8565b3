/**
 * Compares two streams of millions of leaves in constant memory: a keyed digest of each leaf is added to (or taken from) one of a
 * few thousand sums, by a key that nobody knew when the data was made. Two streams that hold the same leaves leave every sum at
 * zero; streams that differ do so except with a chance of 2^-128. All leaves of a chain share a sum, so what differs can then be
 * looked at closely, a few chains at a time.
 */
import type { Leaf } from './checkpoint.ts';
import { type KeyedNames, openKeyedDigests, WORDS } from './keyed-digests.ts';

/** How many chains share a sum falls with it; so does what a close look has to hold. */
export const SUMS = 4096;

export type Multiset = {
  add(leaf: Leaf): void;
  take(leaf: Leaf): void;
  /** Sums that are not zero. */
  differing(): number[];
  /** The sums themselves: whoever has the same key adds them to their own. */
  sums(): Uint32Array;
  merge(sums: Uint32Array): void;
};

/** @param names by a key that is random, made anew for each comparison */
export function openMultiset(names: KeyedNames): Multiset {
  const lanes = new Uint32Array(SUMS * WORDS);
  const counting = (sign: 1 | -1) =>
    openKeyedDigests(names, (sum, digests, start) => {
      // Whole numbers modulo 2^32: the typed array wraps.
      for (let word = 0; word < WORDS; word += 1)
        lanes[sum * WORDS + word] =
          (lanes[sum * WORDS + word] ?? 0) + sign * (digests[start + word] ?? 0);
    });
  const [added, taken] = [counting(1), counting(-1)];
  let [chain, sum] = ['', sumOf('')];
  /** Leaves of one chain come one after another. */
  const sumFor = (leaf: Leaf) => {
    if (leaf.chain !== chain) [chain, sum] = [leaf.chain, sumOf(leaf.chain)];
    return sum;
  };
  const settled = () => {
    added.flush();
    taken.flush();
    return lanes;
  };
  return {
    add: (leaf) => added.add(leaf, sumFor(leaf)),
    take: (leaf) => taken.add(leaf, sumFor(leaf)),
    sums: () => settled(),
    merge(sums) {
      for (let lane = 0; lane < lanes.length; lane += 1)
        lanes[lane] = (lanes[lane] ?? 0) + (sums[lane] ?? 0);
    },
    differing() {
      settled();
      const sums = new Set<number>();
      for (let lane = 0; lane < lanes.length; lane += 1)
        if (lanes[lane] !== 0) sums.add(Math.floor(lane / WORDS));
      return [...sums];
    },
  };
}

/** Which sum a chain counts in. No secret: who steers chains into one sum only makes one close look longer. */
export function sumOf(chain: string): number {
  let mixed = 0x811c9dc5;
  for (let i = 0; i < chain.length; i += 1)
    mixed = Math.imul(mixed ^ chain.charCodeAt(i), 0x01000193);
  return (mixed >>> 0) % SUMS;
}
