/**
 * A checkpoint: the signed statement that these events, no others, were on record. Its leaves name every event by chain, number
 * and hash, one line each, sorted; the statement holds the root over them and the hash of the checkpoint before, so that
 * who trusts the last one trusts all. docs/audit-format.md is this file in words, for whoever writes another verifier.
 */
import * as z from 'zod';
import { Instant } from '../access-request/model.ts';
import { canonicalJson } from './canonical-json.ts';
import { Sha256 } from './chain.ts';
import { rootBuilder } from './merkle.ts';
import { leafHashes, TAG, taggedHash } from './tagged-hash.ts';

export const Leaf = z.strictObject({
  /** `kind#id`, as in the event's row. */
  chain: z.string().min(1).max(1000),
  seq: z.int().positive(),
  /** Of the event. */
  hash: Sha256,
});
export type Leaf = z.infer<typeof Leaf>;

export const Checkpoint = z.strictObject({
  v: z.literal(1),
  /** From 1 on, without a gap. */
  n: z.int().positive(),
  tenant: z.string().min(1),
  /** Name of the table whose rows it seals. */
  table: z.string().min(1),
  /** Where the one before ended. */
  from: Instant,
  /** Every event that was written down before this instant is in this checkpoint or in one before. */
  to: Instant,
  /** How many leaves. */
  size: z.int().min(0),
  root: Sha256,
  /** Root over the last leaf of each chain in here. */
  heads: Sha256,
  /** Hash of the checkpoint before; 64 zeros for the first. */
  previous: Sha256,
  /** SHA-256 of the code that sealed it. */
  code: Sha256,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** As it is kept. */
export const SignedCheckpoint = z.strictObject({
  checkpoint: Checkpoint,
  /** SHA-256 of the public key's SubjectPublicKeyInfo in DER: which key to take, not whether to trust it. */
  key: Sha256,
  /** ECDSA P-256 with SHA-256 over 0x03 and the canonical checkpoint; DER in base64. */
  signature: z.base64().min(1).max(200),
});
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;

export const NO_CHECKPOINT = '0'.repeat(64);
/** Leaves of one checkpoint: what a sealer and a verifier hold in memory at once. */
export const MOST_LEAVES = 20_000;

/** The canonical JSON of a leaf. Chain names are well-formed: the journal hashes them as such. */
export const leafLine = ({ chain, hash, seq }: Leaf): string =>
  `{"chain":${JSON.stringify(chain)},"hash":"${hash}","seq":${seq}}`;

type Place = Pick<Leaf, 'chain' | 'seq'>;
/** By chain in UTF-16 code units, then by number. */
export const compareLeaves = (a: Place, b: Place): number =>
  a.chain === b.chain ? a.seq - b.seq : a.chain < b.chain ? -1 : 1;

export const leavesText = (sorted: readonly Leaf[]): string =>
  sorted.map((leaf) => `${leafLine(leaf)}\n`).join('');

/** Root over the leaves, and root over the last leaf of each chain; the leaves are sorted, the text is theirs. */
export function rootsOf(sorted: readonly Leaf[], text: string): { root: string; heads: string } {
  const [all, heads] = [rootBuilder(), rootBuilder()];
  leafHashes(text).forEach((hash, i) => {
    all.add(hash);
    if (sorted[i + 1]?.chain !== sorted[i]?.chain) heads.add(hash);
  });
  return { root: all.root(), heads: heads.root() };
}

export type Before = { readonly checkpoint: Checkpoint; readonly hash: string };

/** The next checkpoint over these leaves, in any order. Throws when one event is in there twice. */
export function buildCheckpoint(
  before: Before | null,
  leaves: readonly Leaf[],
  facts: Pick<Checkpoint, 'tenant' | 'table' | 'to' | 'code'>,
): { checkpoint: Checkpoint; leaves: Leaf[] } {
  const sorted = [...leaves].sort(compareLeaves);
  sorted.forEach((leaf, i) => {
    const next = sorted[i + 1];
    if (next && compareLeaves(leaf, next) === 0)
      throw new Error(
        `Event ${leaf.chain}/${leaf.seq} is marked twice: a marker was written by hand`,
      );
  });
  const from = before?.checkpoint.to ?? facts.to;
  return {
    leaves: sorted,
    checkpoint: {
      v: 1,
      n: (before?.checkpoint.n ?? 0) + 1,
      tenant: facts.tenant,
      table: facts.table,
      from,
      // A clock that was set back does not take back what was said.
      to: [from, facts.to].sort().at(-1) ?? facts.to,
      size: sorted.length,
      ...rootsOf(sorted, leavesText(sorted)),
      previous: before?.hash ?? NO_CHECKPOINT,
      code: facts.code,
    },
  };
}

/** What is signed; its SHA-256 is the checkpoint's hash. */
export const checkpointMessage = (checkpoint: Checkpoint): Uint8Array =>
  Buffer.concat([Buffer.of(TAG.checkpoint), Buffer.from(canonicalJson(checkpoint))]);
export const checkpointHash = (checkpoint: Checkpoint): string =>
  taggedHash(TAG.checkpoint, '', canonicalJson(checkpoint));

const DIGITS = 10;
const numberOf = (n: number): string => String(n).padStart(DIGITS, '0');
/** Names under which a checkpoint and its leaves are kept; zeros in front, so that a listing is in order. */
export const CHECKPOINTS = 'checkpoints/';
export const checkpointName = (n: number): string => `${CHECKPOINTS}${numberOf(n)}.json`;
/** With the root in it: two sealers that are at the same number never write each other's leaves. */
export const leavesName = ({ n, root }: Pick<Checkpoint, 'n' | 'root'>): string =>
  `leaves/${numberOf(n)}-${root}.jsonl`;
