/**
 * The line of an event row in canonical JSON, cut where its fields meet and not parsed: whoever hashes a million rows must not
 * take them apart to put them together again. A cut line is a claim, nothing more. It is what it says once its hash is one
 * that was sealed, since a checkpoint only ever held hashes of canonical JSON; everybody else parses the line.
 */
import { TAG, taggedHash, taggedHashOfBytes } from './tagged-hash.ts';

/** Where a line stands among bytes that have one unit of its text each. */
export type LineBytes = { readonly bytes: Buffer; readonly start: number };

export type RowLine = {
  readonly chain: string;
  readonly seq: number;
  readonly tenant: string;
  readonly previous: string;
  /** The hash that stands in it. */
  readonly hash: string;
  /** What reads like the event's instant; a nested one may come first. */
  readonly at: string | null;
  /** The JSON of the event. */
  readonly event: string;
  readonly text: string;
  /** What is hashed is the text up to here, and from there on: all but `hash` and `previous`. */
  readonly hashedTo: number;
  readonly hashedFrom: number;
  /** The same text as it was read; null: not as bytes. */
  readonly read: LineBytes | null;
};

const HEX = 64;
const CHAIN = '{"chain":"';
const EVENT = '","event":{';
const HASH = '},"hash":"';
const PREVIOUS = '","previous":"';
const SEQ = '","seq":';
const TENANT = ',"tenant":"';
const AT = '"at":"';
const INSTANT = '2026-03-02T09:00:00.000Z'.length;

/**
 * Null when the fields do not lie as canonical JSON has them, or a name in it is escaped.
 * @param before the row before: rows of one chain share its name, which is then compared at once wherever it is
 */
export function cutRow(
  line: string,
  read: LineBytes | null = null,
  before: RowLine | null = null,
): RowLine | null {
  const chain = chainOf(line, before?.chain ?? '');
  const event = CHAIN.length + (chain?.length ?? 0);
  const tenant = line.lastIndexOf(TENANT);
  const seq = line.lastIndexOf(SEQ, tenant);
  const previous = seq - HEX;
  const hash = previous - PREVIOUS.length - HEX;
  const end = hash - HASH.length + 1;
  if (
    chain === null ||
    end <= event ||
    !line.startsWith(HASH, end - 1) ||
    !line.startsWith(PREVIOUS, hash + HEX) ||
    !line.endsWith('"}')
  )
    return null;
  const of = line.slice(tenant + TENANT.length, -2);
  if (isEscaped(of)) return null;
  const at = line.indexOf(AT, event) + AT.length;
  return {
    chain,
    seq: Number(line.slice(seq + SEQ.length, tenant)),
    tenant: of,
    previous: line.slice(previous, seq),
    hash: line.slice(hash, hash + HEX),
    at: at < AT.length || at > end ? null : line.slice(at, at + INSTANT),
    event: line.slice(event + EVENT.length - 1, end),
    text: line,
    hashedTo: end,
    hashedFrom: seq + 1,
    read,
  };
}

function chainOf(line: string, before: string): string | null {
  if (!line.startsWith(CHAIN)) return null;
  if (line.startsWith(before, CHAIN.length) && line.startsWith(EVENT, CHAIN.length + before.length))
    return before;
  const event = line.indexOf(EVENT, CHAIN.length);
  const chain = line.slice(CHAIN.length, event);
  return event < 0 || isEscaped(chain) ? null : chain;
}

const isEscaped = (text: string): boolean => text.includes('\\') || text.includes('"');

export const hasItsHash = (line: RowLine): boolean => hashOf(line) === line.hash;

function hashOf({ text, hashedTo, hashedFrom, previous, read }: RowLine): string {
  if (!read)
    return taggedHash(TAG.event, previous, text.slice(0, hashedTo) + text.slice(hashedFrom));
  const { bytes, start } = read;
  const [to, gap, end] = [start + hashedTo, start + hashedFrom, start + text.length];
  return taggedHashOfBytes(TAG.event, previous, { bytes, start, to, gap, end });
}
