/**
 * Lines of a file of JSON lines, as many at a time as one read brings. Ended by a line feed and nothing else: canonical JSON
 * leaves U+2028 and its like as they are. Memory is bounded: a line beyond any row is given out cut, and is then no JSON.
 */
import { isAscii } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

/** Small enough for its text to be forgotten as soon as it was read, rather than to wait for a collector. */
const READ_BYTES = 64 * 1024;
/** Ten times the largest item of DynamoDB. */
const LONGEST = 4 * 1024 * 1024;
const LINE_FEED = 10;
const NOTHING = Buffer.alloc(0);

export type Lines = {
  readonly lines: readonly string[];
  /** The same with a byte between any two lines; null where a letter takes more than one. */
  readonly bytes: Buffer | null;
};

export function* linesOf(file: string): Iterable<Lines> {
  const opened = openSync(file, 'r');
  try {
    let rest = NOTHING;
    let isCut = false;
    for (;;) {
      const buffer = Buffer.allocUnsafe(rest.length + READ_BYTES);
      buffer.set(rest);
      const length = readSync(opened, buffer, rest.length, READ_BYTES, null);
      if (length === 0) break;
      const read = buffer.subarray(0, rest.length + length);
      const from = isCut ? read.indexOf(LINE_FEED) + 1 : 0;
      rest = NOTHING;
      // Still the line that was cut.
      if (isCut && from === 0) continue;
      const end = read.lastIndexOf(LINE_FEED);
      if (end >= from) yield linesIn(read.subarray(from, end));
      rest = read.subarray(Math.max(from, end + 1));
      isCut = rest.length >= LONGEST;
      if (isCut) yield linesIn(rest);
      if (isCut) rest = NOTHING;
    }
    if (rest.length > 0) yield linesIn(rest);
  } finally {
    closeSync(opened);
  }
}

function linesIn(bytes: Buffer): Lines {
  const isPlain = isAscii(bytes);
  const lines = bytes.toString(isPlain ? 'latin1' : 'utf8').split('\n');
  return { lines, bytes: isPlain ? bytes : null };
}
