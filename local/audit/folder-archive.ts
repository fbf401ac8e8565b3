/**
 * The archive of local mode: files below one folder, each put whole, once, and read-only from then on. Null as folder keeps it in
 * memory, for a process that leaves nothing behind. What a bucket with Object Lock forbids, a folder only discourages.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Archive } from '../../shared/ports-audit.ts';

const Failed = z.object({ code: z.string() });
const codeOf = (error: unknown): string => Failed.safeParse(error).data?.code ?? '';

export const archiveAt = (folder: string | null): Archive =>
  folder === null ? memoryArchive() : folderArchive(folder);

function memoryArchive(): Archive {
  const texts = new Map<string, string>();
  return {
    async put(name, text) {
      if (texts.has(name)) return false;
      texts.set(name, text);
      return true;
    },
    get: async (name) => texts.get(name) ?? null,
    async *names(prefix) {
      yield* [...texts.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
  };
}

function folderArchive(folder: string): Archive {
  return {
    put: async (name, text) => putFile(join(folder, name), text),
    async get(name) {
      try {
        return readFileSync(join(folder, name), 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    },
    async *names(prefix) {
      const files = filesIn(join(folder, dirname(`${prefix}x`)));
      yield* files.map((file) => `${dirname(`${prefix}x`)}/${file}`);
    },
  };
}

function filesIn(folder: string): string[] {
  try {
    // A draft of a process that died is no file of the archive.
    return readdirSync(folder)
      .filter((file) => !file.endsWith(DRAFT))
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const DRAFT = '.draft';

/** A hard link fails when the name exists: whoever was first wins, whole. */
function putFile(path: string, text: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}${DRAFT}`;
  const file = openSync(draft, 'wx', 0o400);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    unlinkSync(draft);
  }
}
