/**
 * What leaves the audit log by itself, under which names. A checkpoint is exported as one file for every UTC day of its events and,
 * when all of it is where it belongs, a receipt. Names follow from the checkpoint alone, so that a second try makes nothing new.
 */
import type { Leaf } from './checkpoint.ts';

/** `jsonl`: rows that prove themselves. `ocsf`: OCSF 1.8 events, which hold the row's event and its hash. */
export type ExportFormat = 'jsonl' | 'ocsf';

/** All of a checkpoint is where it belongs. */
export type Receipt = {
  readonly v: 1;
  /** Of the checkpoint. */
  readonly n: number;
  readonly format: ExportFormat;
  readonly files: readonly { readonly name: string; readonly events: number }[];
  /** Events that were sealed and are no longer as they were: exported nowhere. */
  readonly missing: readonly Leaf[];
};

const DIGITS = 10;
const numbered = (n: number): string => String(n).padStart(DIGITS, '0');
const ENDINGS: Readonly<Record<ExportFormat, string>> = { jsonl: 'jsonl', ocsf: 'ocsf.jsonl' };

/** @param day UTC, of the events in it */
export const exportName = (n: number, day: string, format: ExportFormat): string =>
  `export/dt=${day}/${numbered(n)}.${ENDINGS[format]}`;
/** Readers of such folders leave out what begins with an underscore. */
export const receiptName = (n: number): string => `export/_checkpoints/${numbered(n)}.json`;
