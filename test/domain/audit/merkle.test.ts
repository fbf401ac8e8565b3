/** The tree against the test vectors of RFC 6962's reference implementation, and the recursive definition written anew here. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  EMPTY_ROOT,
  inclusionPath,
  leafHash,
  merkleRoot,
  rootFromPath,
} from '../../../shared/domain/audit/merkle.ts';

const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
/** MTH of RFC 6962, 2.1, word by word. */
function mth(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Buffer.of(0), Buffer.from(leaves[0] ?? ''));
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha(Buffer.of(1), mth(leaves.slice(0, split)), mth(leaves.slice(split)));
}
const names = (count: number) => Array.from({ length: count }, (_, i) => `leaf ${i}`);

test('the empty tree and the empty leaf are those of RFC 6962', () => {
  expect(merkleRoot([])).toBe(EMPTY_ROOT);
  expect(mth([]).toString('hex')).toBe(EMPTY_ROOT);
  expect(leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
});

test('the root of every size up to 70 is that of the recursive definition', () => {
  for (let size = 0; size <= 70; size += 1)
    expect(merkleRoot(names(size).map(leafHash))).toBe(mth(names(size)).toString('hex'));
});

test('every leaf of every size has a path that leads to the root, and to nothing else from anywhere else', () => {
  for (let size = 1; size <= 20; size += 1) {
    const hashes = names(size).map(leafHash);
    const root = merkleRoot(hashes);
    for (const [index, leaf] of hashes.entries()) {
      const path = inclusionPath(hashes, index);
      expect(rootFromPath(leaf, { index, size }, path)).toBe(root);
      expect(rootFromPath(leafHash('other'), { index, size }, path)).not.toBe(root);
      expect(rootFromPath(leaf, { index: index + 1, size }, path)).not.toBe(root);
      expect(rootFromPath(leaf, { index, size }, [...path, root])).toBeNull();
      if (size > 1) expect(rootFromPath(leaf, { index, size }, path.slice(1))).not.toBe(root);
      if (size > 1) expect(rootFromPath(leaf, { index, size }, path.slice(0, -1))).toBeNull();
    }
  }
});

test('there is no path from a leaf that the tree does not have', () => {
  expect(() => inclusionPath(names(3).map(leafHash), 3)).toThrow('no leaf 3');
  expect(() => inclusionPath([], 0)).toThrow('no leaf 0');
  for (const index of [-1, 0.5, Number.NaN])
    expect(() => inclusionPath(names(3).map(leafHash), index)).toThrow(`no leaf ${index} in`);
  const [one = '', two = ''] = names(2).map(leafHash);
  expect(rootFromPath(one, { index: -1, size: 3 }, [one, two])).toBeNull();
  expect(rootFromPath(leafHash('a'), { index: -1, size: 3 }, [])).toBeNull();
  expect(rootFromPath(leafHash('a'), { index: 0, size: 0 }, [])).toBeNull();
});

test('a path of another leaf, or with one hash changed, leads elsewhere', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (size, a, b) => {
      const hashes = names(size).map(leafHash);
      const [index, other] = [a % size, b % size];
      const path = inclusionPath(hashes, index);
      const wrong = path.map((hash, i) => (i === b % path.length ? leafHash('evil') : hash));
      const root = merkleRoot(hashes);
      expect(rootFromPath(hashes[index] ?? '', { index, size }, wrong)).not.toBe(root);
      if (other !== index)
        expect(rootFromPath(hashes[other] ?? '', { index, size }, path)).not.toBe(root);
    }),
    { numRuns: 40 },
  );
});
