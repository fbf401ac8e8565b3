/**
 * The Merkle tree of RFC 6962 over the lines of a checkpoint: leaf = SHA-256(0x00 || line), node = SHA-256(0x01 || left || right),
 * a tree of n leaves splits at the largest power of two below n. Hashes are lower-case hex. Pure; the root is built in one pass
 * with as many hashes in memory as the tree is high.
 */
import { bytesOfHex, hexOfBytes, leafBytes, nodeBytes, TAG, taggedHash } from './tagged-hash.ts';

/** SHA-256 of nothing: the root of a checkpoint without news. */
export const EMPTY_ROOT = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const leafHash = (line: string): string => hexOfBytes(leafBytes(line));
const nodeHash = (left: string, right: string): string => taggedHash(TAG.node, left + right, '');

export type RootBuilder = {
  /** The hash of the next leaf, as bytes of a string (leafBytes): a verifier adds millions. */
  add(leaf: string): void;
  root(): string;
};

export function rootBuilder(): RootBuilder {
  /** Perfect subtrees, largest first; sizes are the binary digits of the count. */
  const peaks: string[] = [];
  let count = 0;
  return {
    add(leaf) {
      let merged = leaf;
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2)
        merged = nodeBytes(peaks.pop() ?? '', merged);
      peaks.push(merged);
      count += 1;
    },
    root() {
      if (peaks.length === 0) return EMPTY_ROOT;
      return hexOfBytes(peaks.reduceRight((right, left) => nodeBytes(left, right)));
    },
  };
}

export function merkleRoot(leaves: Iterable<string>): string {
  const builder = rootBuilder();
  for (const leaf of leaves) builder.add(bytesOfHex(leaf));
  return builder.root();
}

/** The hashes that lead from one leaf to the root, lowest first. Throws when there is no such leaf. */
export function inclusionPath(leaves: readonly string[], index: number): string[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new Error(`There is no leaf ${index} in a tree of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...inclusionPath(leaves.slice(0, split), index), merkleRoot(leaves.slice(split))]
    : [...inclusionPath(leaves.slice(split), index - split), merkleRoot(leaves.slice(0, split))];
}

/** The largest power of two below n. */
function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

/** The root that this leaf at this place of a tree of this size leads to (RFC 9162, 2.1.3.2); null when the path cannot be one. */
export function rootFromPath(
  leaf: string,
  place: { readonly index: number; readonly size: number },
  path: readonly string[],
): string | null {
  if (place.index < 0 || place.index >= place.size) return null;
  let [index, last] = [place.index, place.size - 1];
  let root = leaf;
  for (const other of path) {
    if (last === 0) return null;
    if (index % 2 === 1 || index === last) {
      root = nodeHash(other, root);
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)];
    } else root = nodeHash(root, other);
    [index, last] = [half(index), half(last)];
  }
  return last === 0 ? root : null;
}
/** Sizes stay exact beyond 32 bits, where a shift would not. */
const half = (n: number): number => Math.floor(n / 2);
