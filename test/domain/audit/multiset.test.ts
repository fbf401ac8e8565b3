/** Sums of keyed digests: what is added and taken leaves nothing, and no part of a leaf is left out. */
import { createCipheriv, createHash } from 'node:crypto';
import { openKeyedDigests, openNames } from '../../../shared/domain/audit/keyed-digests.ts';
import { openMultiset, SUMS, sumOf } from '../../../shared/domain/audit/multiset.ts';

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

/** What is worked out for each leaf, by the words of the definition: AES-256 in CBC mode over hash, chain and number. */
function digestOf({ chain: name, seq, hash }: typeof plain): string {
  const secret = createHash('sha256').update(`leaves\n${KEY}`).digest();
  const number = Buffer.alloc(16);
  number.writeUInt32LE(seq % 2 ** 32);
  number.writeUInt32LE(Math.floor(seq / 2 ** 32), 4);
  const named = Buffer.from(shaOf(`${KEY}\n${name}`), 'hex').subarray(0, 16);
  const cipher = createCipheriv('aes-256-cbc', secret, Buffer.alloc(16)).setAutoPadding(false);
  const isHash = hash.length === 64 && Buffer.byteLength(hash) === 64;
  const text = Buffer.from(isHash ? hash : shaOf(hash));
  return cipher
    .update(Buffer.concat([text, named, number]))
    .subarray(-16)
    .toString('hex');
}
function digestsOf(leaves: readonly (typeof plain)[]) {
  const [got, counts]: [string[], number[]] = [[], []];
  const digests = openKeyedDigests(openNames(KEY), (tag, words, start) => {
    got.push(`${tag} ${Buffer.from(words.slice(start, start + 4).buffer).toString('hex')}`);
  });
  for (const [n, each] of leaves.entries()) {
    digests.add(each, n);
    counts.push(got.length);
  }
  digests.flush();
  return { got, counts };
}

test('a digest is the last block of AES in CBC mode over hash, chain and number', () => {
  const { got, counts } = digestsOf(LEAVES);
  expect(got).toEqual(LEAVES.map((each, n) => `${n} ${digestOf(each)}`));
  // Five hundred and twelve at once, the rest when asked for.
  expect(counts.map((count, n) => count - 512 * Math.floor((n + 1) / 512))).toEqual(
    LEAVES.map(() => 0),
  );
});

test('what is no hash counts by its own, and leaves those beside it alone', () => {
  const hashes = [
    HASH,
    'a'.repeat(63),
    'b'.repeat(65),
    `\u0161${HASH.slice(1)}`,
    'ä'.repeat(32),
    '',
  ];
  const odd = [...hashes, HASH].map((hash, n) => ({ ...plain, seq: 2 ** 32 * n + 7, hash }));
  for (const leaves of [odd, odd.slice(0, 3), odd.slice(1, 3), odd.slice(3, 5)])
    expect(digestsOf(leaves).got).toEqual(leaves.map((each, n) => `${n} ${digestOf(each)}`));
});

test('a chain counts in the sum that FNV-1a says', () => {
  expect(['', 'a', 'foobar'].map(sumOf)).toEqual(
    [0x811c9dc5, 0xe40c292c, 0xbf9cf968].map((hash) => hash % SUMS),
  );
});

describe('sums', () => {
  const wordsOf = (hex: string) => new Uint32Array(new Uint8Array(Buffer.from(hex, 'hex')).buffer);
  const lanesAt = (sums: Uint32Array, name: string) =>
    sums.slice(4 * sumOf(name), 4 * sumOf(name) + 4);

  test('hold what was added less what was taken, word by word', () => {
    const [one, two] = [openMultiset(openNames(KEY)), openMultiset(openNames(KEY))];
    one.add(plain);
    two.take(plain);
    const words = wordsOf(digestOf(plain));
    expect(lanesAt(one.sums(), chain)).toEqual(words);
    expect(lanesAt(two.sums(), chain)).toEqual(words.map((word) => -word));
    expect(one.sums().filter((lane) => lane !== 0)).toHaveLength(4);
  });
  test('of somebody else are added, and wrap', () => {
    const [one, two] = [openMultiset(openNames(KEY)), openMultiset(openNames(KEY))];
    one.add(plain);
    for (const each of [plain, { ...plain, seq: 2 }]) two.take(each);
    one.merge(two.sums());
    expect(lanesAt(one.sums(), chain)).toEqual(
      wordsOf(digestOf({ ...plain, seq: 2 })).map((word) => -word),
    );
    one.add({ ...plain, seq: 2 });
    expect(one.differing()).toEqual([]);
  });
  test('of a chain without a name are its own', () => {
    const sums = openMultiset(openNames(KEY));
    sums.add({ ...plain, chain: '' });
    expect(sums.differing()).toEqual([sumOf('')]);
  });
});
