/**
 * The LevelDB that holds everything: dynalite's tables, undelivered changes, idempotency tokens. `write` is the only
 * way in for items: one atomic batch, which LevelDB logs as one checksummed record and, when synced, flushes to disk
 * before it answers. A kill or a torn log tail therefore keeps or loses a batch as a whole. Nothing here knows requests.
 */
import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { create, type Store } from 'dynalite/db/index.js';
import { rangeOf } from './layout.ts';

export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

export type Database = {
  readonly store: Store;
  /** `buffered` survives a kill of the process, `synced` also a power cut. */
  write(writes: readonly Write[], durability: 'synced' | 'buffered'): Promise<void>;
  entries(prefix: string): AsyncIterable<[string, unknown]>;
  close(): Promise<void>;
};

/** @throws Error when another process holds the folder, or when it cannot be created */
export async function openDatabase(dataDir: string | null): Promise<Database> {
  const instantly = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  if (dataDir !== null) await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const store = create(dataDir === null ? instantly : { ...instantly, path: dataDir });
  await open(store, dataDir);
  closeIteratorsOf(store);
  const writeBatch = batchOf(store);
  return {
    store,
    write: (writes, durability) => writeBatch([...writes], { sync: durability === 'synced' }),
    entries: (prefix) => store.db.iterator(rangeOf(prefix)),
    close: () => store.db.close(),
  };
}

async function open(store: Store, dataDir: string | null): Promise<void> {
  try {
    await store.db.open();
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new Error(
      `Cannot open the database in ${dataDir}: ${String(reason)}. Is another Hallpass running on it?`,
      { cause },
    );
  }
}

/** dynalite's wrapper of `batch` drops the options; the class underneath still knows `sync`. */
function batchOf(store: Store): (writes: Write[], options: { sync: boolean }) => Promise<void> {
  const level: { batch(writes: Write[], options: { sync: boolean }): Promise<void> } =
    Object.getPrototypeOf(store.db);
  return level.batch.bind(store.db);
}

/** dynalite's streams never close their iterator, which would pin a snapshot for each query, for ever. */
function closeIteratorsOf(store: Store): void {
  store.db.createKeyStream = (range) => Readable.from(store.db.keys(range ?? {}));
  store.db.createValueStream = (range) => Readable.from(store.db.values(range ?? {}));
}
