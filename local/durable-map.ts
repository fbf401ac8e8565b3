/**
 * A synchronous map whose every change is on disk before the call returns: one JSON line per change, appended.
 * Guarantees: survives kill -9 (a torn last line was never acknowledged and is dropped), a batch is all or nothing,
 * `get` answers exactly what a restart would answer (values pass through JSON and `parse` on their way in).
 * Never guesses: a corrupt line before the end is an error naming file and line. One process per file; no fsync per
 * change, so a power cut may lose the last moments, a killed process loses nothing.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

const compactFromBytes = 256 * 1024;
const compactFactor = 4;

/** One change of a batch. */
export type DurableChange<T> =
  | { readonly set: string; readonly to: T }
  | { readonly delete: string };

export type DurableMap<T> = {
  get(key: string): T | undefined;
  has(key: string): boolean;
  set(key: string, value: T): void;
  /** Answers whether the key was there. */
  delete(key: string): boolean;
  /** Applies all changes or none, also across a kill -9: they are one line of the log. */
  batch(changes: readonly DurableChange<T>[]): void;
  /** In order of first insertion, like a Map; also after a restart. */
  entries(): [string, T][];
  values(): T[];
  readonly size: number;
  clear(): void;
  /** Closes the file; reads still answer, changes throw. */
  close(): void;
};

const Change = z.union([
  z.tuple([z.literal('set'), z.string(), z.unknown()]),
  z.tuple([z.literal('delete'), z.string()]),
  z.tuple([z.literal('clear')]),
]);
const Line = z.array(Change);
type Change = z.infer<typeof Change>;
type Entry<T> = { value: T; bytes: number };
type Parse<T> = (value: unknown) => T;
type Log = {
  append(line: string): void;
  compact(lines: string[]): void;
  bytes(): number;
  close(): void;
};

/** @param file the log's path, or `null` for a map that lives in memory only (same checks, no file). */
export function openDurableMap<T>(file: string | null, parse: Parse<T>): DurableMap<T> {
  const live = new Map<string, Entry<T>>();
  if (file !== null) replay(file, (change) => applyTo(live, change, parse));
  const log = file === null ? memoryLog() : openLog(file);
  let liveBytes = [...live.values()].reduce((sum, entry) => sum + entry.bytes, 0);

  function commit(changes: readonly (readonly unknown[])[]): void {
    if (log.bytes() > compactFromBytes && log.bytes() > liveBytes * compactFactor)
      log.compact([...live].map(([key, { value }]) => JSON.stringify([['set', key, value]])));
    const line = JSON.stringify(changes);
    const parsed = Line.parse(JSON.parse(line)).map((change) => checked(change, parse));
    log.append(line);
    for (const apply of parsed) liveBytes += apply(live);
  }

  return {
    get: (key) => live.get(key)?.value,
    has: (key) => live.has(key),
    set: (key, value) => commit([['set', key, value]]),
    delete(key) {
      if (!live.has(key)) return false;
      commit([['delete', key]]);
      return true;
    },
    batch(changes) {
      if (changes.length > 0)
        commit(changes.map((c) => ('set' in c ? ['set', c.set, c.to] : ['delete', c.delete])));
    },
    entries: () => [...live].map(([key, { value }]) => [key, value]),
    values: () => [...live.values()].map(({ value }) => value),
    get size() {
      return live.size;
    },
    clear: () => commit([['clear']]),
    close: () => log.close(),
  };
}

/** Parses the change's value now, so that a refused value is never written; applying cannot fail any more. */
function checked<T>(change: Change, parse: Parse<T>): (live: Map<string, Entry<T>>) => number {
  if (change[0] === 'clear') return (live) => -clearAll(live);
  const key = change[1];
  if (change[0] === 'delete') return (live) => -drop(live, key);
  if (change[2] === undefined) throw new Error(`The value of ${key} is not JSON.`);
  const value = parse(change[2]);
  const bytes = Buffer.byteLength(JSON.stringify(change));
  return (live) => {
    const before = live.get(key)?.bytes ?? 0;
    live.set(key, { value, bytes });
    return bytes - before;
  };
}

const applyTo = <T>(live: Map<string, Entry<T>>, change: Change, parse: Parse<T>): number =>
  checked(change, parse)(live);

function drop<T>(live: Map<string, Entry<T>>, key: string): number {
  const bytes = live.get(key)?.bytes ?? 0;
  live.delete(key);
  return bytes;
}

function clearAll<T>(live: Map<string, Entry<T>>): number {
  const bytes = [...live.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  live.clear();
  return bytes;
}

function replay(file: string, apply: (change: Change) => void): void {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(10) + 1;
  // A batch is a JSON array, so no strict prefix of a line parses: what follows the last newline was never acknowledged.
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) {
    try {
      for (const change of Line.parse(JSON.parse(line))) apply(change);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `${file}:${index + 1}: this line cannot be read (${why}). Restore the file, or delete it to start empty.`,
        { cause },
      );
    }
  }
}

function memoryLog(): Log {
  let open = true;
  return {
    append() {
      if (!open) throw new Error('This map is closed; it cannot be changed.');
    },
    compact() {},
    bytes: () => 0,
    close() {
      open = false;
    },
  };
}

function openLog(file: string): Log {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let fd: number | null = openSync(file, 'a', 0o600);
  let bytes = existsSync(file) ? readFileSync(file).length : 0;
  const opened = (): number => {
    if (fd === null) throw new Error(`${file} is closed; it cannot be changed.`);
    return fd;
  };
  return {
    append(line) {
      const target = opened();
      try {
        appendFileSync(target, `${line}\n`);
      } catch (error) {
        // A half-written line must not swallow the next one.
        ftruncateSync(target, bytes);
        throw error;
      }
      bytes += Buffer.byteLength(line) + 1;
    },
    compact(lines) {
      const old = opened();
      const text = lines.map((line) => `${line}\n`).join('');
      replaceFile(file, text);
      fd = openSync(file, 'a', 0o600);
      closeSync(old);
      bytes = Buffer.byteLength(text);
    },
    bytes: () => bytes,
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}

/** The file holds the old text or the new one, never a part of it. */
function replaceFile(file: string, text: string): void {
  const fresh = `${file}.new`;
  const fd = openSync(fresh, 'w', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, file);
}
