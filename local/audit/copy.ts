/**
 * `audit copy DIR`: everything that a verifier needs, as files, streamed: rows, where the records stand, policies, checkpoints,
 * leaves and the public key. Into a new folder only: a copy that was laid over another proves nothing. Every row leaves, so it is on record
 * as the export that it is: before the first one, and with the hash of rows.jsonl.
 */
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { beginReading, endReading } from '../../shared/application/record-reading.ts';
import {
  type AuditSource,
  canonicalRow,
  type FoundHead,
  isAuditRow,
} from '../../shared/domain/audit/audit-source.ts';
import { leavesName, SignedCheckpoint } from '../../shared/domain/audit/checkpoint.ts';
import { isCompared } from '../../shared/domain/audit/claims.ts';
import { headLine } from '../../shared/domain/audit/head-line.ts';
import { jsonOf } from '../../shared/domain/audit/verify-checkpoints.ts';
import { type Desk, NOT_VERIFIED } from './desk.ts';
import { HEADS, POLICIES, ROWS } from './folder-source.ts';
import { openDesk } from './open-desk.ts';
import { type Place, placeAt } from './place.ts';
import { PUBLIC_KEY } from './signing-key.ts';
import { fileTrouble, whyUnreadable } from './trouble.ts';
import { type Terminal, VERIFY_EXIT } from './verify.ts';

export const COPY_USAGE = `audit copy DIR

Copies the log, its checkpoints and the public key into a new folder, for audit verify --offline DIR on another machine. That it was copied is
an audit event.`;

const Taken = z.object({ code: z.literal('EEXIST') });

export async function copy(args: readonly string[], terminal: Terminal): Promise<number> {
  const [folder, ...rest] = args;
  if (!folder || folder.startsWith('-') || rest.length > 0) {
    terminal.complain(COPY_USAGE);
    return VERIFY_EXIT.usage;
  }
  const place = placeAt(terminal.env, null);
  if (typeof place === 'string') {
    terminal.complain(place);
    return VERIFY_EXIT.unreadable;
  }
  let close = place.close;
  try {
    const opened = await openDesk({ ...terminal, ...NO_READER });
    if (typeof opened === 'string') return unreadable(terminal, opened);
    close = () => {
      place.close();
      opened.close();
    };
    const unusable = unusableFolder(folder);
    if (unusable !== null) {
      terminal.complain(unusable);
      return VERIFY_EXIT.usage;
    }
    const { desk } = opened;
    await wholeOrNone(folder, () => recorded(desk, () => copyFrom(place, folder)));
    terminal.print(`Copied into ${folder}. Check it: npm run audit -- verify --offline ${folder}`);
    return VERIFY_EXIT.ok;
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null || error instanceof z.ZodError) throw error;
    return unreadable(terminal, why);
  } finally {
    close();
  }
}

/** Makes it; or why not. */
function unusableFolder(folder: string): string | null {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return null;
  } catch (error) {
    if (Taken.safeParse(error).success) return `${folder} exists. Name a folder that does not.`;
    const why = fileTrouble(error, folder);
    if (why === null) throw error;
    return `${why} Name a folder that can be made.`;
  }
}

/** Nothing is written out or verified at this desk. */
const NO_READER = {
  write: async () => {},
  verify: async () => NOT_VERIFIED,
};

function unreadable(terminal: Terminal, why: string): number {
  terminal.complain(why);
  return VERIFY_EXIT.unreadable;
}

/** A copy that broke off proves nothing. */
async function wholeOrNone(folder: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

type Copied = { readonly events: number; readonly sha256: string };

/** All events there are, as JSON lines. @throws Fault when it could not be recorded: then nothing is copied */
async function recorded(desk: Desk, run: () => Promise<Copied>): Promise<void> {
  const [from, to] = [new Date(0).toISOString(), desk.clock.now().toISOString()];
  const all = { person: null, entitlement: null, provider: null, kind: null };
  const reading = { purpose: 'export', format: 'jsonl', from, to, ...all } as const;
  const readId = await beginReading(desk, reading);
  await endReading(desk, { readId, ...(await run()) });
}

async function copyFrom(place: Place, folder: string): Promise<Copied> {
  const key = await place.key();
  if (key) writeFileSync(join(folder, PUBLIC_KEY), key.pem);
  return copyInto(folder, place.source);
}

/** Rows before checkpoints: whatever is sealed meanwhile is in both. */
export async function copyInto(folder: string, source: AuditSource): Promise<Copied> {
  if (source.heads) await lines(join(folder, HEADS), headsOf(source.heads()));
  const copied = await lines(join(folder, ROWS), rowsOf(source));
  await lines(join(folder, POLICIES), jsonOfEach(source.policies()));
  for await (const { name, text } of source.checkpoints()) {
    if (text === null) continue;
    put(folder, name, text);
    const sealed = SignedCheckpoint.safeParse(jsonOf(text));
    const leaves = sealed.success ? leavesName(sealed.data.checkpoint) : null;
    const found = leaves && (await source.leaves(leaves));
    if (leaves && found) put(folder, leaves, found);
  }
  return copied;
}

function put(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text, { flag: 'wx' });
}

async function* flat<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<T> {
  for await (const page of pages) yield* page;
}

/** With what the records say that a verifier compares; other records hold what is nobody else's business. */
async function* headsOf(pages: AsyncIterable<readonly FoundHead[]>): AsyncIterable<string> {
  for await (const { chain, seq, hash, value } of flat(pages))
    yield headLine(isCompared(chain) ? { chain, seq, hash, value } : { chain, seq, hash });
}

/** In canonical JSON, which a verifier need not parse; whatever is no row, as it stands. */
async function* rowsOf(source: AuditSource): AsyncIterable<string> {
  for await (const { row } of flat(source.rows()))
    yield (isAuditRow(row) && canonicalRow(row)) || json(row);
}

async function* jsonOfEach(items: AsyncIterable<unknown>): AsyncIterable<string> {
  for await (const item of items) yield json(item);
}
const json = (item: unknown): string => JSON.stringify(item ?? null);

/** How many lines, and the hash of the file. */
async function lines(file: string, texts: AsyncIterable<string>): Promise<Copied> {
  const hash = createHash('sha256');
  let events = 0;
  await pipeline(
    Readable.from(texts),
    async function* (each: AsyncIterable<string>) {
      for await (const text of each) {
        const line = `${text}\n`;
        hash.update(line);
        events += 1;
        yield line;
      }
    },
    createWriteStream(file, { flags: 'wx' }),
  );
  return { events, sha256: hash.digest('hex') };
}
