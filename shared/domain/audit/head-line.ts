/**
 * The line of a record in canonical JSON. That of a request is cut and not parsed: its text is compared with the text that the
 * events lead to, and only a record that differs is read. A cut line is a claim, nothing more.
 */
import * as z from 'zod';
import type { FoundHead } from './audit-source.ts';
import { canonicalJson } from './canonical-json.ts';

export type HeadLine = Pick<FoundHead, 'chain' | 'seq' | 'hash'> & {
  /** What the record says, as it stands there. */
  readonly text: string;
};

const CHAIN = '{"chain":"';
const HASH = '","hash":"';
const SEQ = '","seq":';
const VALUE = ',"value":';
const HEX = 64;
/** Letters that stand for themselves in JSON. */
const PLAIN_CHAIN = /^request#[A-Za-z0-9-]{1,100}$/;

/** Null when it is not that of a request, or its fields do not lie as canonical JSON has them. */
export function cutHead(line: string): HeadLine | null {
  const hash = line.indexOf(HASH) + HASH.length;
  const seq = hash + HEX + SEQ.length;
  const value = line.indexOf(VALUE, seq);
  const chain = line.slice(CHAIN.length, hash - HASH.length);
  if (!line.startsWith(CHAIN) || !line.startsWith(SEQ, hash + HEX) || value < 0) return null;
  const number = line.slice(seq, value);
  const isPlain = PLAIN_CHAIN.test(chain) && SEQUENCE.test(number) && line.endsWith('}');
  if (!isPlain) return null;
  const text = line.slice(value + VALUE.length, -1);
  return { chain, seq: Number(number), hash: line.slice(hash, hash + HEX), text };
}
const SEQUENCE = /^(0|[1-9][0-9]{0,14})$/;

/** As a copy holds it; JSON in any order where canonical JSON cannot carry it. */
export function headLine(head: FoundHead): string {
  const json = z.json().safeParse(head);
  try {
    if (json.success) return canonicalJson(json.data);
  } catch {
    // A lone surrogate: somebody wrote it. Whoever reads the copy finds it there.
  }
  return JSON.stringify(head);
}
