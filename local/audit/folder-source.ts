/**
 * A copy of an audit log in a folder, for a verifier without network: `rows.jsonl`, `heads.jsonl`, `policies.jsonl`, the
 * checkpoints and their leaves. Read line by line, so that its size does not matter. docs/audit-format.md describes it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import type { AuditSource, FoundHead, FoundRow } from '../../shared/domain/audit/audit-source.ts';
import { CHECKPOINTS } from '../../shared/domain/audit/checkpoint.ts';
import { cutHead, type HeadLine } from '../../shared/domain/audit/head-line.ts';
import { cutRow, type LineBytes, type RowLine } from '../../shared/domain/audit/row-line.ts';
import { jsonOf } from '../../shared/domain/audit/verify-checkpoints.ts';
import { archiveAt } from './folder-archive.ts';
import { linesOf } from './lines.ts';

export const ROWS = 'rows.jsonl';
export const HEADS = 'heads.jsonl';
export const POLICIES = 'policies.jsonl';

const Placed = z.looseObject({ chain: z.string(), seq: z.int() });
/** Number 0: a record whose chain has no event yet. */
const Head = z.strictObject({
  chain: z.string(),
  seq: z.int().min(0),
  hash: z.string(),
  /** What the record says, where the copy holds it. */
  value: z.unknown().optional(),
});
const Policy = z.strictObject({ hash: z.string(), text: z.string(), content: z.string() });

export function folderSource(folder: string): AuditSource {
  const archive = archiveAt(folder);
  return {
    async *checkpoints() {
      for await (const name of archive.names(CHECKPOINTS))
        yield { name, text: await archive.get(name) };
    },
    leaves: (name) => archive.get(name),
    rows: () => pagesOf(join(folder, ROWS), rowReader()),
    heads: existsSync(join(folder, HEADS)) ? () => pagesOf(join(folder, HEADS), headFrom) : null,
    async *policies() {
      for await (const page of pagesOf(join(folder, POLICIES), ({ text }) =>
        Policy.parse(jsonOf(text)),
      ))
        yield* page;
    },
  };
}

/** A line stands where it says; the chain it belongs to is part of what is hashed. */
function rowReader(): (line: ReadLine) => FoundRow {
  let before: RowLine | null = null;
  return (line) => {
    before = cutRow(line.text, line.read, before);
    return before ? new CutRow(before) : parsedRow(line);
  };
}

function parsedRow({ text, number }: ReadLine): FoundRow {
  const row = jsonOf(text);
  const placed = Placed.safeParse(row);
  return placed.success
    ? { chain: placed.data.chain, seq: placed.data.seq, row, misplaced: null }
    : { chain: `line ${number} of ${ROWS}`, seq: 1, row: null, misplaced: null };
}

/** Parsed when somebody asks for the row, which is seldom. */
class CutRow implements FoundRow {
  readonly chain: string;
  readonly seq: number;
  readonly line: RowLine;
  readonly misplaced = null;

  constructor(line: RowLine) {
    this.chain = line.chain;
    this.seq = line.seq;
    this.line = line;
  }

  get row(): unknown {
    return jsonOf(this.line.text);
  }
}

function headFrom({ text }: ReadLine): FoundHead {
  const line = cutHead(text);
  return line ? new CutHead(line, text) : Head.parse(jsonOf(text));
}

/** Parsed when somebody asks what the record says, which is when it differs. */
class CutHead implements FoundHead {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
  readonly text: string;
  readonly #line: string;

  constructor({ chain, seq, hash, text }: HeadLine, line: string) {
    [this.chain, this.seq, this.hash, this.text] = [chain, seq, hash, text];
    this.#line = line;
  }

  get value(): unknown {
    return Head.parse(jsonOf(this.#line)).value;
  }
}

type ReadLine = { readonly text: string; readonly number: number; readonly read: LineBytes | null };

/** After so many pages whoever else waits has a turn: another thread's word, a signal. */
const TURN_PAGES = 32;

/** A page is what one read of the file brought. A file that is not there has no lines. */
async function* pagesOf<T>(file: string, parse: (line: ReadLine) => T): AsyncIterable<T[]> {
  if (!existsSync(file)) return;
  let [number, page] = [0, 0];
  for (const { lines, bytes } of linesOf(file)) {
    page += 1;
    if (page % TURN_PAGES === 0) await setImmediate();
    let start = 0;
    yield lines.map((text) => {
      const read = bytes && { bytes, start };
      start += text.length + 1;
      number += 1;
      return parse({ text, number, read });
    });
  }
}
