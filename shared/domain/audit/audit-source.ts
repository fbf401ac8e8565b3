/**
 * Where a verifier reads from: the live tables and the archive, or a folder of an export. Everything can be read again from the
 * start, because what differs is looked at twice; nothing is trusted, whatever it says is parsed and checked by the reader.
 */
import { canonicalJson, type Json } from './canonical-json.ts';
import { hashEvent } from './chain.ts';
import type { RowLine } from './row-line.ts';

/** A row under the key at which it was found. `row` is whatever stood there. */
export type FoundRow = {
  readonly chain: string;
  readonly seq: number;
  readonly row: unknown;
  /** The same as it was read, where that was a line in canonical JSON: spares parsing `row`. */
  readonly line?: RowLine | null;
  /** What is wrong with the row beside its event (its place in an index), or null. */
  readonly misplaced: string | null;
};
export type FoundHead = {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
  /** What the record says beside it, whatever it is; absent where this source does not know. */
  readonly value?: unknown;
  /** The same in canonical JSON, where it was read as such: spares parsing `value`. */
  readonly text?: string;
  /** What is wrong with the record beside what it says (its place in an index); null or absent: nothing. */
  readonly misplaced?: string | null;
};
/** What happened in this time, and chains that are known to have had a part in it. */
export type News = {
  readonly from: string;
  readonly to: string;
  readonly chains: Iterable<string>;
};
export type FoundPolicy = {
  readonly hash: string;
  readonly text: string;
  /** The same data as JSON. */
  readonly content: string;
};

export interface AuditSource {
  /** Every checkpoint by name, ascending; `text` null when it is listed but cannot be had. */
  checkpoints(): AsyncIterable<{ readonly name: string; readonly text: string | null }>;
  /** Lines of a file of leaves; null when there is none. */
  leaves(name: string): Promise<string | null>;
  /** All event rows a page at a time: chain after chain, each in the order of its numbers. */
  rows(): AsyncIterable<readonly FoundRow[]>;
  /** Where each record says that its chain stands; null when this source does not know. */
  heads: (() => AsyncIterable<readonly FoundHead[]>) | null;
  /** @param named those that events name; a source that reads by index gives no others */
  policies(named?: ReadonlySet<string>): AsyncIterable<FoundPolicy>;
  /** Rows and records of one chain, by index; absent where there is none and everything has to be read. */
  narrowed?(chain: string): Pick<AuditSource, 'rows' | 'heads'>;
  /**
   * Rows and records of the chains that have news, by index, each from its first row on, and of what belongs to them: the holding of
   * a request, the requests of a holding. Null when there are too many; absent where there is no index.
   */
  since?(news: News): Promise<Pick<AuditSource, 'rows' | 'heads' | 'policies'> | null>;
}

/** The same source with the rows of one chain alone; checkpoints and leaves stay whole, since what is gone shows there. */
export function narrowedTo(source: AuditSource, chain: string): AuditSource {
  const narrowed = source.narrowed?.(chain);
  if (narrowed) return { ...source, ...narrowed };
  return {
    ...source,
    async *rows() {
      for await (const page of source.rows()) yield page.filter((found) => found.chain === chain);
    },
  };
}

/** What the row of an event must be. */
export type AuditRow = {
  readonly tenant: string;
  readonly chain: string;
  readonly seq: number;
  readonly event: { readonly [key: string]: Json };
  readonly previous: string;
  readonly hash: string;
};

const SHA256 = /^[0-9a-f]{64}$/;
const FIELDS = ['tenant', 'chain', 'seq', 'event', 'previous', 'hash'];

/** By hand, since a verifier asks it a million times. The event has to come out of JSON.parse or a JSON schema. */
export function isAuditRow(row: unknown): row is AuditRow {
  if (typeof row !== 'object' || row === null) return false;
  const { tenant, chain, seq, event, previous, hash }: Record<string, unknown> = { ...row };
  return (
    Object.keys(row).length === FIELDS.length &&
    typeof tenant === 'string' &&
    typeof chain === 'string' &&
    Number.isSafeInteger(seq) &&
    typeof event === 'object' &&
    event !== null &&
    !Array.isArray(event) &&
    typeof previous === 'string' &&
    SHA256.test(previous) &&
    typeof hash === 'string' &&
    SHA256.test(hash)
  );
}

/** When an event says it happened; null when it does not say. */
export const instantOf = (row: AuditRow): string | null => {
  const at = row.event['at'];
  return typeof at === 'string' && Number.isFinite(Date.parse(at)) ? at : null;
};

/** What does not say when it happened is as old as can be: nobody gets out of a checkpoint by leaving that out. */
export const isAfter = (at: string | null, bound: string): boolean => (at ?? '') > bound;

/** Does the row hash to what it says? What canonical JSON cannot carry was never written by us. */
export function hasItsHash(row: AuditRow): boolean {
  try {
    return hashEvent(row, row.previous) === row.hash;
  } catch {
    return false;
  }
}

/** The row as a line that need not be parsed to be verified; null for what canonical JSON cannot carry. */
export function canonicalRow(row: AuditRow): string | null {
  try {
    return canonicalJson(row);
  } catch {
    return null;
  }
}
