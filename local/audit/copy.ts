/**
 * `audit copy DIR`: everything that a verifier needs, as files, streamed: rows, where the records stand, policies, checkpoints,
 * leaves and the public key. Into a new folder only: a copy that was laid over another proves nothing.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
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
import { HEADS, POLICIES, ROWS } from './folder-source.ts';
import { placeAt } from './place.ts';
import { PUBLIC_KEY } from './signing-key.ts';
import { type Terminal, VERIFY_EXIT } from './verify.ts';

export const COPY_USAGE = `audit copy DIR

Copies the log, its checkpoints and the public key into a new folder, for audit verify --offline DIR on another machine.`;

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
  try {
    mkdirSync(folder, { mode: 0o700 });
    const key = await place.key();
    if (key) writeFileSync(join(folder, PUBLIC_KEY), key.pem);
    await copyInto(folder, place.source);
    terminal.print(`Copied into ${folder}. Check it: npm run audit -- verify --offline ${folder}`);
    return VERIFY_EXIT.ok;
  } catch (error) {
    if (!Taken.safeParse(error).success) throw error;
    terminal.complain(`${folder} exists. Name a folder that does not.`);
    return VERIFY_EXIT.usage;
  } finally {
    place.close();
  }
}

/** Rows before checkpoints: whatever is sealed meanwhile is in both. */
export async function copyInto(folder: string, source: AuditSource): Promise<void> {
  if (source.heads) await lines(join(folder, HEADS), headsOf(source.heads()));
  await lines(join(folder, ROWS), rowsOf(source));
  await lines(join(folder, POLICIES), jsonOfEach(source.policies()));
  for await (const { name, text } of source.checkpoints()) {
    if (text === null) continue;
    put(folder, name, text);
    const sealed = SignedCheckpoint.safeParse(jsonOf(text));
    const leaves = sealed.success ? leavesName(sealed.data.checkpoint) : null;
    const found = leaves && (await source.leaves(leaves));
    if (leaves && found) put(folder, leaves, found);
  }
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

const lines = (file: string, texts: AsyncIterable<string>): Promise<void> =>
  pipeline(
    Readable.from(texts),
    async function* (each: AsyncIterable<string>) {
      for await (const text of each) yield `${text}\n`;
    },
    createWriteStream(file, { flags: 'wx' }),
  );
