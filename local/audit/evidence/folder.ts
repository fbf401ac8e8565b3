/**
 * The folder of an evidence pack: files that are written as a stream, hashed on the way, and a manifest of all hashes at the end. It
 * gets its name only when it is whole: whoever finds the folder finds all of it. For its owner alone (0700, 0600).
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Written = { readonly name: string; readonly bytes: number; readonly sha256: string };
export type Folder = {
  /** Appends to a file, which is made at the first call. */
  append(name: string, text: string): Promise<void>;
  /** What was written so far, by name; no file can be appended to after this. */
  closeFiles(): Promise<Written[]>;
  /** Gives the folder its name. */
  finish(): Promise<void>;
  discard(): Promise<void>;
};

type Open = { handle: FileHandle; hash: Hash; bytes: number; pending: string };
/** Written at once. */
const CHUNK_CHARACTERS = 64 * 1024;

/** @throws what the operating system says, when it cannot be made; null when something of that name is there already. */
export async function openFolder(path: string): Promise<Folder | null> {
  if (existsSync(path)) return null;
  const partial = `${path}.partial`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(partial, { recursive: true, force: true });
  // Not with its parents: where nothing can be made (/proc) Node would try for ever.
  await mkdir(partial, { mode: 0o700 });
  const files = new Map<string, Open>();
  const written: Written[] = [];
  const opened = async (name: string): Promise<Open> => {
    const known = files.get(name);
    if (known) return known;
    await mkdir(dirname(join(partial, name)), { recursive: true, mode: 0o700 });
    const handle = await open(join(partial, name), 'wx', 0o600);
    const file = { handle, hash: createHash('sha256'), bytes: 0, pending: '' };
    files.set(name, file);
    return file;
  };
  return {
    async append(name, text) {
      const file = await opened(name);
      file.pending += text;
      if (file.pending.length >= CHUNK_CHARACTERS) await flush(file);
    },
    async closeFiles() {
      for (const [name, file] of files) {
        await flush(file);
        await file.handle.sync();
        await file.handle.close();
        written.push({ name, bytes: file.bytes, sha256: file.hash.digest('hex') });
      }
      files.clear();
      return [...written].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    finish: () => rename(partial, path),
    async discard() {
      for (const { handle } of files.values()) await handle.close();
      await rm(partial, { recursive: true, force: true });
    },
  };
}

async function flush(file: Open): Promise<void> {
  const bytes = Buffer.from(file.pending, 'utf8');
  file.pending = '';
  file.hash.update(bytes);
  file.bytes += bytes.length;
  await file.handle.write(bytes);
}
