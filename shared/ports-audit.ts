/** What sealing the audit log needs of the outside world. Every method may throw a Fault (shared/ports.ts). */
import type { Json } from './domain/audit/canonical-json.ts';
import type { Leaf } from './domain/audit/checkpoint.ts';
import type { Signatures } from './domain/audit/verify-checkpoints.ts';

/** Written with every commit that has events, in its own transaction: these events are in no checkpoint yet. */
export type Marker = { readonly key: string; readonly leaves: readonly Leaf[] };

/** A row that stands where markers stand and is none: somebody wrote it by hand, or an older version cannot read it. */
export type BrokenMarker = { readonly key: string; readonly leaves: null };

export interface Markers {
  /** Those of commits before this instant, strongly consistent, in no promised order. */
  before(instant: Date): AsyncIterable<Marker | BrokenMarker>;
  /** Idempotent. */
  remove(markers: readonly Marker[]): Promise<void>;
}

/** Keeps texts by name for ever: nothing that was put can be put again, changed or taken away. */
export interface Archive {
  /** False when the name is taken: nothing was written. @throws Fault when it is not known whether it landed */
  put(name: string, text: string): Promise<boolean>;
  /** What was put first under this name; null when nothing was. */
  get(name: string): Promise<string | null>;
  /** Names that begin so, in order. */
  names(prefix: string): AsyncIterable<string>;
}

export type VerifyingKey = Signatures & {
  /** SHA-256 of the SubjectPublicKeyInfo in DER, hex. */
  readonly fingerprint: string;
  readonly pem: string;
};

/** The key that signs checkpoints: ECDSA P-256. */
export interface Signer {
  key(): Promise<VerifyingKey>;
  /** Over the SHA-256 of the message; DER. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** An event's row as it stands, whatever version wrote it. */
export type SealedRow = {
  readonly tenant: string;
  readonly chain: string;
  readonly seq: number;
  readonly event: { readonly type: string; readonly at: string; readonly [field: string]: Json };
  readonly previous: string;
  readonly hash: string;
};

/** Rows of a chain by their numbers, strongly consistent; what is not there, or is no row, is left out. */
export interface SealedRows {
  between(chain: string, first: number, last: number): Promise<readonly SealedRow[]>;
}

export type BusEntry = {
  /** Of the event: `GrantActivated`. */
  readonly type: string;
  readonly at: string;
  /** JSON object. */
  readonly detail: string;
  /** The same in short, where the detail is larger than a bus takes. */
  readonly instead: string;
};

/** Where a SIEM listens. */
export interface EventBus {
  /** All of them, at least once, begun in this order. @throws Fault when some were not taken */
  publish(entries: readonly BusEntry[]): Promise<void>;
}
