/** Sums of keyed digests: what is added and taken leaves nothing, and no part of a leaf is left out. */
import { createCipheriv, createHash } from 'node:crypto';
import { openKeyedDigests, openNames } from '../../../shared/domain/audit/keyed-digests.ts';
import { openMultiset, sumOf } from '../../../shared/domain/audit/multiset.ts';

const KEY = 'k'.repeat(64);
const HASH = 'ab'.repeat(32);
const leaf = (n: number) => ({ chain: `request#AR-${n % 7}`, seq: n + 1, hash: shaOf(`${n}`) });
const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');
const LEAVES = Array.from({ length: 1300 }, (_, n) => leaf(n));

test('what was added and taken in another order leaves every sum at zero', () => {
  const sums = openMultiset(openNames(KEY));
  for (const each of LEAVES) sums.add(each);
  for (const each of LEAVES.toReversed()) sums.take(each);
  expect(sums.differing()).toEqual([]);
  sums.add(leaf(3));
  expect(sums.differing()).toEqual([sumOf('request#AR-3')]);
});

/** Two chains that count in one sum, so that the sum cannot tell them apart. */
function twoInOneSum(): [string, string] {
  const known = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const chain = `request#AR-${n}`;
    const other = known.get(sumOf(chain));
    if (other) return [other, chain];
    known.set(sumOf(chain), chain);
  }
}
const [chain, other] = twoInOneSum();
const plain = { chain, seq: 1, hash: HASH };

test.each([
  ['another chain in the same sum', { ...plain, chain: other }],
  ['another number', { ...plain, seq: 2 }],
  ['a number that differs beyond 32 bits', { ...plain, seq: 1 + 2 ** 32 }],
  ['another beginning of its hash', { ...plain, hash: `b${HASH.slice(1)}` }],
  ['another end of its hash', { ...plain, hash: `${HASH.slice(0, -1)}c` }],
  ['its hash in capitals', { ...plain, hash: HASH.toUpperCase() }],
  ['no hash', { ...plain, hash: '' }],
  ['what is cut to its hash as bytes', { ...plain, hash: `\u0161${HASH.slice(1)}` }],
  ['a hash with more behind it', { ...plain, hash: `${HASH}0` }],
])('a leaf with %s is not the same', (_, changed) => {
  const sums = openMultiset(openNames(KEY));
  sums.add(plain);
  sums.take(changed);
  expect(sums.differing()).toEqual([sumOf(chain)]);
  sums.add(changed);
  sums.take(plain);
  expect(sums.differing()).toEqual([]);
});

test('a leaf is told from another whatever stands in the one before it', () => {
  const long = { ...plain, hash: `\u0161${HASH.slice(1)}` };
  const [own, changed] = [leaf(1), { ...leaf(1), hash: `${leaf(1).hash.slice(0, -1)}_` }];
  const sums = openMultiset(openNames(KEY));
  for (const each of [long, own]) sums.add(each);
  for (const each of [long, changed]) sums.take(each);
  expect(sums.differing()).toEqual([sumOf(own.chain)]);
});

test('a digest is the last block of AES in CBC mode over hash, chain and number', () => {
  const got: string[] = [];
  const digests = openKeyedDigests(openNames(KEY), (tag, words, start) => {
    got[tag] = Buffer.from(words.slice(start, start + 4).buffer).toString('hex');
  });
  for (const [n, each] of LEAVES.entries()) digests.add(each, n);
  digests.flush();
  const secret = createHash('sha256').update(`leaves\n${KEY}`).digest();
  const expected = LEAVES.map((each) => {
    const number = Buffer.alloc(16);
    number.writeUInt32LE(each.seq);
    const name = Buffer.from(shaOf(`${KEY}\n${each.chain}`), 'hex').subarray(0, 16);
    const cipher = createCipheriv('aes-256-cbc', secret, Buffer.alloc(16)).setAutoPadding(false);
    const sealed = cipher.update(Buffer.concat([Buffer.from(each.hash), name, number]));
    return sealed.subarray(-16).toString('hex');
  });
  expect(got).toEqual(expected);
});
