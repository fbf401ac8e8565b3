/**
 * SHA-256 of one tag byte, bytes given in hex, and a text. The tag keeps hashes of one kind from ever being taken for another:
 * leaf and node are those of RFC 6962, the others are ours.
 */
import { hash } from 'node:crypto';

export const TAG = { leaf: 0x00, node: 0x01, event: 0x02, checkpoint: 0x03 } as const;
type Tag = (typeof TAG)[keyof typeof TAG];

/** Hashing is what a verifier does a million times: one buffer for all that fits. */
const SCRATCH = Buffer.allocUnsafe(64 * 1024);
/** A UTF-16 unit is at most three bytes of UTF-8. */
const roomFor = (hex: string, text: string) => 1 + hex.length / 2 + text.length * 3;

export function taggedHash(tag: Tag, hex: string, text: string): string {
  const room = roomFor(hex, text);
  const buffer = room <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(room);
  buffer[0] = tag;
  let end = 1 + buffer.write(hex, 1, 'hex');
  end += buffer.write(text, end, 'utf8');
  return hash('sha256', buffer.subarray(0, end), 'hex');
}

/** Bytes from `start` to `to` and from `gap` to `end`. */
export type Gapped = { bytes: Buffer; start: number; to: number; gap: number; end: number };

/** The same of bytes that need not be decoded. */
export function taggedHashOfBytes(tag: Tag, hex: string, from: Gapped): string {
  const { bytes, start, to, gap, end } = from;
  const room = 1 + hex.length / 2 + (end - start);
  const buffer = room <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(room);
  buffer[0] = tag;
  let size = 1 + buffer.write(hex, 1, 'hex');
  size += bytes.copy(buffer, size, start, to);
  size += bytes.copy(buffer, size, gap, end);
  return hash('sha256', buffer.subarray(0, size), 'hex');
}

const LEAF = String.fromCharCode(TAG.leaf);
/** The hash of a leaf's line, its bytes as the units of a string: half as long as hex and sooner written. */
export const leafBytes = (line: string): string => hash('sha256', LEAF + line, 'binary');

const LINE_FEED = 10;
/** The hash of each line of a text, as leafBytes: the bytes are made once, and the tag takes the place of the feed before the line. */
export function leafHashes(text: string): string[] {
  const bytes = Buffer.from(`\n${text}`);
  const hashes: string[] = [];
  for (let start = 0; start < bytes.length - 1; ) {
    const feed = bytes.indexOf(LINE_FEED, start + 1);
    const end = feed < 0 ? bytes.length : feed;
    bytes[start] = TAG.leaf;
    hashes.push(hash('sha256', bytes.subarray(start, end), 'binary'));
    start = end;
  }
  return hashes;
}

const SHA256_BYTES = 32;
const NODE = Buffer.alloc(1 + 2 * SHA256_BYTES, TAG.node);
export function nodeBytes(left: string, right: string): string {
  NODE.write(left, 1, 'latin1');
  NODE.write(right, 1 + SHA256_BYTES, 'latin1');
  return hash('sha256', NODE, 'binary');
}

export const hexOfBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('hex');
export const bytesOfHex = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');
