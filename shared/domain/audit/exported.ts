/**
 * What leaves the audit log by itself, under which names. A checkpoint is exported as one file for every UTC day of its events and,
 * when all of it is where it belongs, a receipt. Names follow from the checkpoint alone, so that a second try makes nothing new.
 */
import * as z from 'zod';
import { Sha256 } from './chain.ts';

const EXPORT_FORMATS = ['jsonl', 'ocsf'] as const;
/** `jsonl`: rows that prove themselves. `ocsf`: OCSF 1.8 events, which hold the row's event and its hash. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const Receipt = z.strictObject({
  v: z.literal(1),
  /** Of the checkpoint. */
  n: z.int().positive(),
  format: z.enum(EXPORT_FORMATS),
  files: z.array(z.strictObject({ name: z.string(), events: z.int().positive() })),
  /** Events that were sealed and are no longer as they were: exported nowhere. */
  missing: z.array(z.strictObject({ chain: z.string(), seq: z.int().positive(), hash: Sha256 })),
});
export type Receipt = z.infer<typeof Receipt>;

const DIGITS = 10;
const numbered = (n: number): string => String(n).padStart(DIGITS, '0');
const ENDINGS: Readonly<Record<ExportFormat, string>> = { jsonl: 'jsonl', ocsf: 'ocsf.jsonl' };

/** @param day UTC, of the events in it */
export const exportName = (n: number, day: string, format: ExportFormat): string =>
  `export/dt=${day}/${numbered(n)}.${ENDINGS[format]}`;
/** Readers of such folders leave out what begins with an underscore. */
export const receiptName = (n: number): string => `export/_checkpoints/${numbered(n)}.json`;
