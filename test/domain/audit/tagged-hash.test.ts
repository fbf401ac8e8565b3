/** Hashes of tagged bytes at the edges of what is kept for them, and of the lines of a text. */
import { createHash } from 'node:crypto';
import {
  bytesOfHex,
  hexOfBytes,
  leafBytes,
  leafHashes,
  nodeBytes,
  TAG,
  taggedHash,
  taggedHashOfBytes,
} from '../../../shared/domain/audit/tagged-hash.ts';

const HEX = 'ab'.repeat(32);
const hashOf = (tag: number, ...parts: readonly Buffer[]) =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.of(tag), ...parts]))
    .digest('hex');
/** Around 64 KiB less the tag and the hash. */
const LENGTHS = [
  0, 1, 65_470, 65_502, 65_503, 65_504, 65_505, 65_535, 65_536, 65_567, 65_568, 70_000,
];

test.each(LENGTHS)('%d bytes are hashed to the last one, with a gap and without', (length) => {
  const bytes = Buffer.alloc(length + 7, 'x');
  bytes.fill('y', length);
  const [start, end] = [7, length + 7];
  const own = bytes.subarray(start, end);
  expect(taggedHashOfBytes(TAG.event, HEX, { bytes, start, to: end, gap: end, end })).toBe(
    hashOf(TAG.event, Buffer.from(HEX, 'hex'), own),
  );
  const [to, gap] = [start + Math.floor(length / 3), start + Math.floor(length / 2)];
  expect(taggedHashOfBytes(TAG.event, HEX, { bytes, start, to, gap, end })).toBe(
    hashOf(TAG.event, Buffer.from(HEX, 'hex'), bytes.subarray(start, to), bytes.subarray(gap, end)),
  );
  const text = 'x'.repeat(length);
  expect(taggedHash(TAG.event, HEX, text)).toBe(
    hashOf(TAG.event, Buffer.from(HEX, 'hex'), Buffer.from(text)),
  );
});

test('every line of a text has its hash, whether the last one ends or not', () => {
  const lines = ['one', '', 'zwei ä', 'x'.repeat(100)];
  const hashes = lines.map(leafBytes);
  expect(leafHashes(`${lines.join('\n')}\n`)).toEqual(hashes);
  expect(leafHashes(lines.join('\n'))).toEqual(hashes);
  expect(leafHashes('')).toEqual([]);
  expect(hexOfBytes(leafBytes('zwei ä'))).toBe(hashOf(TAG.leaf, Buffer.from('zwei ä')));
});

test('a node is the hash of both of its children, in order', () => {
  const [left, right] = [leafBytes('l'), leafBytes('r')];
  expect(hexOfBytes(nodeBytes(left, right))).toBe(
    hashOf(TAG.node, Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1')),
  );
  expect(bytesOfHex(hexOfBytes(left))).toBe(left);
});
