/**
 * The line of an event row in canonical JSON, cut where its fields meet and not parsed: whoever hashes a million rows must not
 * take them apart to put them together again. A cut line is a claim, nothing more. It is what it says once its hash is one
 * that was sealed, since a checkpoint only ever held hashes of canonical JSON; everybody else parses the line.
 */
import { TAG, taggedHash } from './tagged-hash.ts';

export type RowLine = {
  readonly chain: string;
  readonly seq: number;
  readonly tenant: string;
  readonly previous: string;
  /** The hash that stands in it. */
  readonly hash: string;
  /** What reads like the event's instant; a nested one may come first. */
  readonly at: string | null;
  /** What is hashed: the line without `hash` and `previous`. */
  readonly body: string;
  /** The JSON of the event. */
  readonly event: string;
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

/** Null when the fields do not lie as canonical JSON has them, or a name in it is escaped. */
export function cutRow(line: string): RowLine | null {
  const event = line.indexOf(EVENT, CHAIN.length);
  const tenant = line.lastIndexOf(TENANT);
  const seq = line.lastIndexOf(SEQ, tenant);
  const previous = seq - HEX;
  const hash = previous - PREVIOUS.length - HEX;
  const end = hash - HASH.length + 1;
  if (
    event < 0 ||
    end <= event ||
    !line.startsWith(CHAIN) ||
    !line.startsWith(HASH, end - 1) ||
    !line.startsWith(PREVIOUS, hash + HEX) ||
    !line.endsWith('"}')
  )
    return null;
  const chain = line.slice(CHAIN.length, event);
  const of = line.slice(tenant + TENANT.length, -2);
  if (isEscaped(chain) || isEscaped(of)) return null;
  const at = line.indexOf(AT, event) + AT.length;
  return {
    chain,
    seq: Number(line.slice(seq + SEQ.length, tenant)),
    tenant: of,
    previous: line.slice(previous, seq),
    hash: line.slice(hash, hash + HEX),
    at: at < AT.length || at > end ? null : line.slice(at, at + INSTANT),
    body: line.slice(0, end) + line.slice(seq + 1),
    event: line.slice(event + EVENT.length - 1, end),
  };
}

const isEscaped = (text: string): boolean => text.includes('\\') || text.includes('"');

export const hasItsHash = ({ body, previous, hash }: RowLine): boolean =>
  taggedHash(TAG.event, previous, body) === hash;
