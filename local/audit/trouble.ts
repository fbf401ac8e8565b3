/** Why a file or folder that somebody named cannot be used, in words: a mistyped path is no defect of ours. */
import * as z from 'zod';
import { Fault } from '../../shared/ports.ts';

/** What a command cannot go on without. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** What the operating system says, by its own code. */
const System = z.object({ code: z.string().regex(/^E[A-Z0-9]+$/), path: z.string().optional() });
const WHY: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it, or the folder it should be in, is not there'],
  ['ENOTDIR', 'a part of that path is a file'],
  ['EISDIR', 'it is a folder'],
  ['EEXIST', 'something of that name is there already'],
  ['ENOTEMPTY', 'something of that name is there already'],
  ['EACCES', 'this user may not'],
  ['EPERM', 'this user may not'],
  ['EROFS', 'nothing can be written there'],
  ['ENOSPC', 'the disk is full'],
  ['ENAMETOOLONG', 'the name is too long'],
]);

/** `x cannot be used: it is a folder (EISDIR).` Null for what is no trouble with a file. */
export function fileTrouble(error: unknown, named: string | null = null): string | null {
  const system = System.safeParse(error);
  if (!system.success) return null;
  const { code, path } = system.data;
  const why = WHY.get(code);
  return `${named ?? path ?? 'A file'} cannot be used${why ? `: ${why}` : ''} (${code}).`;
}

const FORMAT = 'a line of it is not what docs/audit-format.md says. Copy it again.';

/** Why a log cannot be read; null for a defect, which is nobody's mistake but ours. */
export function whyUnreadable(error: unknown): string | null {
  if (error instanceof Unreadable || error instanceof Fault) return error.message;
  return error instanceof z.ZodError ? FORMAT : fileTrouble(error);
}
