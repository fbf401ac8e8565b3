/**
 * A copy of an audit log in a folder, for a verifier without network: `rows.jsonl`, `heads.jsonl`, `policies.jsonl`, the
 * checkpoints and their leaves. Read line by line, so that its size does not matter. docs/audit-format.md describes it.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { AuditSource, FoundRow } from '../../shared/domain/audit/audit-source.ts';
import { CHECKPOINTS } from '../../shared/domain/audit/checkpoint.ts';
import { jsonOf } from '../../shared/domain/audit/verify-checkpoints.ts';
import { archiveAt } from './folder-archive.ts';

export const ROWS = 'rows.jsonl';
export const HEADS = 'heads.jsonl';
export const POLICIES = 'policies.jsonl';
const PAGE = 500;

const Placed = z.looseObject({ chain: z.string(), seq: z.int() });
/** Number 0: a record whose chain has no event yet. */
const Head = z.strictObject({ chain: z.string(), seq: z.int().min(0), hash: z.string() });
const Policy = z.strictObject({ hash: z.string(), text: z.string(), content: z.string() });

export function folderSource(folder: string): AuditSource {
  const archive = archiveAt(folder);
  return {
    async *checkpoints() {
      for await (const name of archive.names(CHECKPOINTS))
        yield { name, text: await archive.get(name) };
    },
    leaves: (name) => archive.get(name),
    rows: () => pagesOf(join(folder, ROWS), rowFrom),
    heads: existsSync(join(folder, HEADS))
      ? () => pagesOf(join(folder, HEADS), (line) => Head.parse(jsonOf(line)))
      : null,
    async *policies() {
      for await (const page of pagesOf(join(folder, POLICIES), (line) =>
        Policy.parse(jsonOf(line)),
      ))
        yield* page;
    },
  };
}

/** A line stands where it says; the chain it belongs to is part of what is hashed. */
function rowFrom(line: string, number: number): FoundRow {
  const row = jsonOf(line);
  const placed = Placed.safeParse(row);
  return placed.success
    ? { chain: placed.data.chain, seq: placed.data.seq, row, misplaced: null }
    : { chain: `line ${number} of ${ROWS}`, seq: 1, row: null, misplaced: null };
}

/** A file that is not there has no lines. */
async function* pagesOf<T>(
  file: string,
  parse: (line: string, number: number) => T,
): AsyncIterable<T[]> {
  if (!existsSync(file)) return;
  let page: T[] = [];
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    number += 1;
    page.push(parse(line, number));
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}
