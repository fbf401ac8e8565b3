/**
 * A file from a path: the policy beside the bundle when deployed, in the working folder locally, and whatever the commands are named.
 * Never more of it than is wanted, and never a pipe or a device, whose opening may wait for ever.
 */
import { constants, type FileHandle, open } from 'node:fs/promises';
import * as z from 'zod';
import { ok, type Result, refuse } from '../domain/result.ts';
import { Fault, type PolicySource } from '../ports.ts';
import { MAX_POLICY_BYTES } from './policy-file.ts';

/** What stands at a path in the place of a file that can be read. */
export type Unreadable = 'absent' | 'folder' | 'no-file' | 'forbidden' | 'broken';

const Errno = z.object({ code: z.string() });
const MEANT: ReadonlyMap<string, Unreadable> = new Map([
  ['ENOENT', 'absent'],
  ['ENOTDIR', 'absent'],
  ['EISDIR', 'folder'],
  ['ENXIO', 'no-file'],
  ['EACCES', 'forbidden'],
  ['EPERM', 'forbidden'],
]);
/** A pipe that nobody writes to is opened at once, and then seen to be none of ours. */
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The first `most` bytes of a file. */
export async function readFileAt(
  path: string,
  most: number,
): Promise<Result<Uint8Array, Unreadable>> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, AT_ONCE);
    const found = await file.stat();
    if (found.isDirectory()) return refuse('folder');
    return found.isFile() ? ok(await firstBytes(file, most)) : refuse('no-file');
  } catch (error) {
    const { success, data } = Errno.safeParse(error);
    if (!success) throw error;
    return refuse(MEANT.get(data.code) ?? 'broken');
  } finally {
    await file?.close();
  }
}

async function firstBytes(file: FileHandle, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(most);
  let have = 0;
  while (have < most) {
    const { bytesRead } = await file.read(bytes, have, most - have, have);
    if (bytesRead === 0) break;
    have += bytesRead;
  }
  return bytes.slice(0, have);
}

/** A little more than any policy that is read, so that a log or an image is not loaded whole. */
export const MOST_READ_BYTES = MAX_POLICY_BYTES + 1;

export const policyAt = (fileName: string): PolicySource => ({
  async load() {
    const read = await readFileAt(fileName, MOST_READ_BYTES);
    if (read.ok) return { bytes: read.value, fileName };
    throw new Fault(
      `The policy file ${fileName} could not be read (${read.error}). Check the path.`,
      {
        service: 'policy',
        retryable: true,
      },
    );
  },
});
