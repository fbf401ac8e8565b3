/**
 * Keyed digests of leaves, hundreds at a time: a native call for each would cost more than what it computes. The digest is the
 * CBC-MAC by AES-256 of exactly six blocks: four of the hash in hex, one of the chain's name, one of the number. Over messages of
 * one fixed length that is a pseudorandom function: nobody without the key can choose leaves whose digests add up.
 */
import { createCipheriv, hash } from 'node:crypto';
import type { Leaf } from './checkpoint.ts';

/** Numbers of 32 bits in a digest, which is as long as a block of AES. */
export const WORDS = 4;
const BLOCK_BYTES = 16;
const HEX = 64;
const HASH_WORDS = HEX / Uint32Array.BYTES_PER_ELEMENT;
/** Leaves that are kept until all of them are worked out at once. */
const BATCH = 512;

export type KeyedDigests = {
  /** @param tag comes back with the digest */
  add(leaf: Leaf, tag: number): void;
  /** Hands out what is still kept. */
  flush(): void;
};

/**
 * @param names of the same key, so that sums over the same chains work each out once
 * @param on gets the digest as the words from `start` on, for as long as it runs
 */
export function openKeyedDigests(
  { key, nameOf }: KeyedNames,
  on: (tag: number, digests: Uint32Array, start: number) => void,
): KeyedDigests {
  const encrypt = blockCipher(key);
  const texts: string[] = [];
  const tags = new Uint32Array(BATCH);
  const hashes = new Uint32Array(BATCH * HASH_WORDS);
  const names = new Uint32Array(BATCH * WORDS);
  const numbers = new Uint32Array(BATCH * WORDS);
  const state = new Uint32Array(BATCH * WORDS);
  /** Encrypts what was so far, mixed with the next block of every leaf. */
  const next = (blocks: Uint32Array, stride: number, offset: number) => {
    for (let leaf = 0, from = offset; leaf < texts.length; leaf += 1, from += stride) {
      const to = leaf * WORDS;
      state[to] = (state[to] ?? 0) ^ (blocks[from] ?? 0);
      state[to + 1] = (state[to + 1] ?? 0) ^ (blocks[from + 1] ?? 0);
      state[to + 2] = (state[to + 2] ?? 0) ^ (blocks[from + 2] ?? 0);
      state[to + 3] = (state[to + 3] ?? 0) ^ (blocks[from + 3] ?? 0);
    }
    encrypt(state, texts.length);
  };
  const flush = () => {
    writeHashes(texts, hashes);
    state.fill(0);
    for (let offset = 0; offset < HASH_WORDS; offset += WORDS) next(hashes, HASH_WORDS, offset);
    next(names, WORDS, 0);
    next(numbers, WORDS, 0);
    for (let leaf = 0; leaf < texts.length; leaf += 1) on(tags[leaf] ?? 0, state, leaf * WORDS);
    texts.length = 0;
  };
  return {
    add({ chain, seq, hash: own }, tag) {
      const name = nameOf(chain);
      const start = texts.length * WORDS;
      for (let word = 0; word < WORDS; word += 1) names[start + word] = name[word] ?? 0;
      numbers[start] = seq % WORD;
      numbers[start + 1] = Math.floor(seq / WORD);
      tags[texts.length] = tag;
      texts.push(own);
      if (texts.length === BATCH) flush();
    },
    flush,
  };
}

const WORD = 2 ** 32;

/** As they are, when each takes exactly its room; what does not look like a hash counts by its own. */
function writeHashes(texts: readonly string[], into: Uint32Array): void {
  const bytes = Buffer.from(into.buffer);
  const isPlain = (text: string) => text.length === HEX && Buffer.byteLength(text) === HEX;
  const joined = texts.join('');
  if (texts.every(({ length }) => length === HEX) && Buffer.byteLength(joined) === joined.length)
    bytes.write(joined);
  else bytes.write(texts.map((text) => (isPlain(text) ? text : hashOf(text))).join(''));
}
const hashOf = (text: string): string => hash('sha256', text, 'hex');

/** AES of each block by itself, in place. */
function blockCipher(key: string): (blocks: Uint32Array, count: number) => void {
  const secret = hash('sha256', `leaves\n${key}`, 'buffer');
  const cipher = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
  return (blocks, count) => {
    const bytes = new Uint8Array(blocks.buffer, 0, count * BLOCK_BYTES);
    bytes.set(cipher.update(bytes));
  };
}

/** A block for the name of a chain, by a key. */
export type KeyedNames = { readonly key: string; readonly nameOf: (chain: string) => Uint32Array };

/** Leaves of one chain come one after another: its name is worked out once. */
export function openNames(key: string): KeyedNames {
  const words = new Uint32Array(WORDS);
  const bytes = Buffer.from(words.buffer);
  let known: string | null = null;
  const nameOf = (chain: string) => {
    // What does not fit is cut: 128 bits.
    if (chain !== known) bytes.write(hashOf(`${key}\n${chain}`), 'hex');
    known = chain;
    return words;
  };
  return { key, nameOf };
}
