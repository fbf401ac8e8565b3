/**
 * The master key of local mode: 32 random bytes in a file that only its owner may read (0600). Made once, atomically,
 * so that two processes that start together use the same key and a crash never leaves half of one. A key that is too
 * short, or that others may read, stops the start: silently making another one would lock everybody out.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const KEY_BYTES = 32;
const FILE = 'authenticator.key';
const Failed = z.object({ code: z.string() });

/** Without a folder nothing survives the process, so its key need not either. */
export function keyFile(dataDir: string | null): Uint8Array {
  if (dataDir === null) return new Uint8Array(randomBytes(KEY_BYTES));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, FILE);
  return read(path) ?? create(path);
}

function create(path: string): Uint8Array {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  writeSync(file, randomBytes(KEY_BYTES));
  fsyncSync(file);
  closeSync(file);
  try {
    // A hard link fails when the name exists: whoever was first wins, whole.
    linkSync(draft, path);
  } catch (error) {
    if (Failed.safeParse(error).data?.code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const key = read(path);
  if (!key) throw new Error(`The key file ${path} vanished while it was made. Start again.`);
  return key;
}

function read(path: string): Uint8Array | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  if ((stats.mode & 0o077) !== 0)
    throw new Error(`Others may read the key file ${path}. Run: chmod 600 ${path}`);
  const key = readFileSync(path);
  if (key.length !== KEY_BYTES)
    throw new Error(
      `The key file ${path} has ${key.length} bytes instead of ${KEY_BYTES}. Restore it, or delete it and have everybody enrol again.`,
    );
  return new Uint8Array(key);
}
