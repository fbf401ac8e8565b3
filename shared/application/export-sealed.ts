/**
 * What was sealed goes out: to files by day, and to a bus where there is one. A checkpoint is the unit: its leaves say which events, in
 * which order; a row goes out only while it has the hash that was sealed. Files first, for all that is owed, then the bus, then
 * the receipt: at least once, and a bus that is down keeps no file from being written. Whoever is called for a checkpoint also exports
 * those before it that have no receipt, so that a lost call is made good by the next. Numbers in comments are crash points.
 */
import type { LoggedEvent } from '../domain/audit/audit-row.ts';
import { canonicalJson } from '../domain/audit/canonical-json.ts';
import { hashEvent } from '../domain/audit/chain.ts';
import {
  type Checkpoint,
  checkpointName,
  Leaf,
  leavesName,
  SignedCheckpoint,
} from '../domain/audit/checkpoint.ts';
import {
  type ExportFormat,
  exportName,
  type Receipt,
  receiptName,
} from '../domain/audit/exported.ts';
import { ocsfOf } from '../domain/audit/ocsf.ts';
import { jsonOf } from '../domain/audit/verify-checkpoints.ts';
import { CHAIN_KINDS, parseEvent } from '../domain/records.ts';
import type { Journal, Telemetry } from '../ports.ts';
import type { Archive, BusEntry, EventBus, SealedRow, SealedRows } from '../ports-audit.ts';
import { aboutEvents } from './audit-log.ts';

export type ExportDeps = {
  /** Checkpoints and leaves are read from it. */
  archive: Archive;
  /** Files and receipts are put there. */
  exports: Archive;
  rows: SealedRows;
  /** For OCSF alone: what an event's request was about. */
  journal: Pick<Journal, 'read'>;
  /** Null: files only. */
  bus: EventBus | null;
  format: ExportFormat;
  telemetry: Telemetry;
};
export type Exported = { checkpoints: number; events: number; files: number };

/** Behind the one asked for: a day of checkpoints. What is older waits for its own call. */
const MOST_OWED = 288;

type Line = { readonly row: SealedRow; readonly text: string };
type Gathered = {
  readonly n: number;
  readonly lines: readonly Line[];
  readonly missing: Receipt['missing'];
};

/** @throws Fault when a store or the bus fails: called again, it goes on; Error when a checkpoint cannot be read */
export async function exportSealed(n: number, deps: ExportDeps): Promise<Exported> {
  const owed = await owedUpTo(n, deps);
  const gather = gatherer(deps);
  const done: Exported = { checkpoints: 0, events: 0, files: 0 };
  for (const each of owed)
    for (const file of filesOf(await gather(each), deps.format)) {
      await deps.exports.put(file.name, file.text); // crash point 1: some files
      done.files += 1;
    }
  for (const each of owed) {
    const gathered = await gather(each);
    await deps.bus?.publish(gathered.lines.map(entryOf)); // 2: on the bus, no receipt: it goes there again
    await deps.exports.put(receiptName(each), canonicalJson(receiptOf(gathered, deps.format))); // 3: done
    done.checkpoints += 1;
    done.events += gathered.lines.length;
  }
  return done;
}

/** Without a receipt, oldest first. */
async function owedUpTo(n: number, { exports, telemetry }: ExportDeps): Promise<number[]> {
  const owed: number[] = [];
  for (let each = n; each > 0; each -= 1) {
    if ((await exports.get(receiptName(each))) !== null) break;
    owed.unshift(each);
    if (owed.length < MOST_OWED) continue;
    if (each > 1) telemetry.error('More is owed than one call exports', { upTo: each - 1 });
    break;
  }
  return owed;
}

/** The one gathered last is kept: as a rule there is but one. */
function gatherer(deps: ExportDeps): (n: number) => Promise<Gathered> {
  let kept: Gathered | null = null;
  return async (n) => {
    if (kept?.n !== n) kept = await gathered(n, deps);
    return kept;
  };
}

async function gathered(n: number, deps: ExportDeps): Promise<Gathered> {
  const line = liner(deps);
  const lines: Line[] = [];
  const missing: Leaf[] = [];
  for (const chain of byChain(await leavesOf(n, deps.archive))) {
    const rows = await rowsOf(chain, deps.rows);
    for (const leaf of chain) {
      const row = rows.get(leaf.seq);
      if (row && isSealedAs(row, leaf)) lines.push({ row, text: await line(row) });
      else missing.push(leaf);
    }
  }
  for (const { chain, seq } of missing)
    deps.telemetry.alarm('audit-row-changed', { eventName: 'not as it was sealed', chain, seq });
  return { n, lines, missing };
}

async function leavesOf(n: number, archive: Archive): Promise<Leaf[]> {
  const signed = SignedCheckpoint.safeParse(jsonOf((await archive.get(checkpointName(n))) ?? ''));
  if (!signed.success) throw new Error(`There is no ${checkpointName(n)} that can be read.`);
  const { checkpoint } = signed.data;
  if (checkpoint.size === 0) return [];
  const text = await archive.get(leavesName(checkpoint));
  const leaves = (text ?? '').split('\n').filter((line) => line !== '');
  if (leaves.length !== checkpoint.size) throw incomplete(checkpoint, leaves.length);
  return leaves.map((line) => Leaf.parse(jsonOf(line)));
}

const incomplete = ({ n, size }: Checkpoint, found: number): Error =>
  new Error(
    `Checkpoint ${n} has ${size} leaves and the archive ${found} of them. Run npm run audit -- verify.`,
  );

/** Leaves are sorted by chain and number. */
function byChain(leaves: readonly Leaf[]): Leaf[][] {
  const chains: Leaf[][] = [];
  for (const leaf of leaves) {
    const last = chains.at(-1);
    if (last?.[0]?.chain === leaf.chain) last.push(leaf);
    else chains.push([leaf]);
  }
  return chains;
}

async function rowsOf(
  leaves: readonly Leaf[],
  rows: SealedRows,
): Promise<ReadonlyMap<number, SealedRow>> {
  const [first, last] = [leaves[0], leaves.at(-1)];
  if (!first || !last) return new Map();
  const found = await rows.between(first.chain, first.seq, last.seq);
  return new Map(found.map((row) => [row.seq, row]));
}

/** Chain and number are part of what is hashed. */
const isSealedAs = (row: SealedRow, leaf: Leaf): boolean =>
  row.hash === leaf.hash && hashEvent(row, row.previous) === leaf.hash;

/** One line of a file; the detail of one entry on the bus. */
function liner({ format, journal }: ExportDeps): (row: SealedRow) => Promise<string> {
  if (format === 'jsonl') return async (row) => canonicalJson(row);
  const about = aboutEvents(journal);
  return async (row) => {
    const logged = loggedOf(row);
    // Whoever holds an account stands in the state table, which this function does not read.
    const isOfHolding = logged.kind === 'holding';
    const known = isOfHolding ? { request: null, holder: null } : await about(logged);
    return canonicalJson(ocsfOf({ logged, about: known }));
  };
}

function loggedOf(row: SealedRow): LoggedEvent {
  const split = row.chain.indexOf('#');
  const kind = CHAIN_KINDS.find((each) => each === row.chain.slice(0, split));
  if (kind === undefined) throw new Error(`${row.chain} was sealed and is no chain of ours`);
  return { ...row, kind, id: row.chain.slice(split + 1), event: parseEvent[kind](row.event) };
}

function filesOf({ n, lines }: Gathered, format: ExportFormat) {
  const days = new Map<string, string[]>();
  for (const { row, text } of lines) {
    const day = row.event.at.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), text]);
  }
  return [...days].map(([day, texts]) => ({
    name: exportName(n, day, format),
    events: texts.length,
    text: texts.map((text) => `${text}\n`).join(''),
  }));
}

function receiptOf(gathered: Gathered, format: ExportFormat): Receipt {
  const { n, missing } = gathered;
  const files = filesOf(gathered, format).map(({ name, events }) => ({ name, events }));
  return { v: 1, n, format, files, missing };
}

const entryOf = ({ row, text }: Line): BusEntry => ({
  type: row.event.type,
  at: row.event.at,
  detail: text,
  instead: canonicalJson({
    ...{ tenant: row.tenant, chain: row.chain, seq: row.seq, hash: row.hash },
    omitted: 'larger than a bus takes; it is in the files',
  }),
});
