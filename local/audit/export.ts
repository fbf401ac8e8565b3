/**
 * `audit export`: the log of a period as JSON lines that prove themselves, as CSV, or as OCSF. Recorded before the first row leaves and
 * when it is over, with the hash of what was written. Streams: what is in memory does not grow with what is exported.
 */
import { createHash } from 'node:crypto';
import { auditRows, type Span } from '../../shared/application/audit-log.ts';
import { beginReading, endReading } from '../../shared/application/record-reading.ts';
import {
  COLUMNS,
  columnsOf,
  type LoggedRow,
  lineOf,
  type Narrowing,
} from '../../shared/domain/audit/audit-row.ts';
import { canonicalJson } from '../../shared/domain/audit/canonical-json.ts';
import { ocsfOf } from '../../shared/domain/audit/ocsf.ts';
import { readNarrowing, readSpan, readWords } from './arguments.ts';
import { csvLine } from './csv.ts';
import { type Desk, EXIT } from './desk.ts';

export const EXPORT_USAGE = `audit export --format jsonl|csv|ocsf --from 2026-03-01 [--to 2026-03-31]
             [--person U0ANA] [--entitlement github:acme/deployers] [--provider github] [--kind request]

Writes to stdout; days are whole days in UTC. jsonl holds what verifying needs, csv is for spreadsheets, ocsf (1.8) for a SIEM.
That it was exported is an audit event.`;

type Format = { readonly head: string; readonly line: (row: LoggedRow) => string };
const FORMATS: Readonly<Record<'jsonl' | 'csv' | 'ocsf', Format>> = {
  jsonl: { head: '', line: (row) => `${lineOf(row)}\n` },
  csv: {
    head: csvLine(COLUMNS),
    line: (row) => {
      const cells = columnsOf(row);
      return csvLine(COLUMNS.map((column) => cells[column]));
    },
  },
  ocsf: { head: '', line: (row) => `${canonicalJson(ocsfOf(row))}\n` },
};
const isFormat = (name: string): name is keyof typeof FORMATS => Object.hasOwn(FORMATS, name);
/** Written at once. */
const CHUNK_CHARACTERS = 64 * 1024;

export async function exportLog(args: readonly string[], desk: Desk): Promise<number> {
  const names = ['format', 'from', 'to', 'person', 'entitlement', 'provider', 'kind'];
  const words = readWords(args, names);
  if (!words.ok || words.value.rest.length > 0) return misread(desk, words.ok ? null : words.error);
  const { options } = words.value;
  const format = options['format'] ?? '';
  if (!isFormat(format)) return misread(desk, '--format takes jsonl, csv or ocsf.');
  const span = readSpan(options, desk.clock.now());
  if (!span.ok) return misread(desk, span.error);
  const only = await readNarrowing(options, desk.policies);
  if (!only.ok) return misread(desk, only.error);
  const { events, sha256 } = await exportRows(desk, { format, span: span.value, only: only.value });
  const { from, to } = span.value;
  desk.complain(
    `${events} events from ${from.toISOString()} to just before ${to.toISOString()}, SHA-256 ${sha256}`,
  );
  return EXIT.ok;
}

function misread(desk: Desk, why: string | null): number {
  desk.complain(why === null ? EXPORT_USAGE : `${why}\n\n${EXPORT_USAGE}`);
  return EXIT.usage;
}

type Wanted = {
  readonly format: keyof typeof FORMATS;
  readonly span: Span;
  readonly only: Narrowing;
};

/** @throws Fault when the journal fails: what was written so far is no whole export, and no end of it is on record */
async function exportRows(
  desk: Pick<Desk, 'journal' | 'clock' | 'ids' | 'write'>,
  { format, span, only }: Wanted,
): Promise<{ events: number; sha256: string }> {
  const readId = await beginReading(desk, {
    purpose: 'export',
    format,
    from: span.from.toISOString(),
    to: span.to.toISOString(),
    person: only.person,
    entitlement: only.entitlement?.id ?? null,
    provider: only.provider,
    kind: only.kind,
  });
  const { head, line } = FORMATS[format];
  const hash = createHash('sha256');
  let [chunk, events] = [head, 0];
  const flush = async () => {
    hash.update(chunk);
    await desk.write(chunk);
    chunk = '';
  };
  for await (const row of auditRows(desk.journal, span, only)) {
    chunk += line(row);
    events += 1;
    if (chunk.length >= CHUNK_CHARACTERS) await flush();
  }
  await flush();
  const sha256 = hash.digest('hex');
  await endReading(desk, { readId, events, sha256 });
  return { events, sha256 };
}
