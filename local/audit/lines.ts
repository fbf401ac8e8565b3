/**
 * Lines of a file of JSON lines, as many at a time as one read brings. Ended by a line feed and nothing else: canonical JSON
 * leaves U+2028 and its like as they are. Memory is bounded: a line beyond any row is given out cut, and is then no JSON.
 */
import { createReadStream } from 'node:fs';
import * as z from 'zod';

const READ_BYTES = 256 * 1024;
/** Ten times the largest item of DynamoDB. */
const LONGEST = 4 * 1024 * 1024;
const LINE_FEED = 10;
/** What a stream without an encoding gives. */
const Bytes = z.instanceof(Buffer);

export async function* linesOf(file: string): AsyncIterable<string[]> {
  let rest = Buffer.alloc(0);
  for await (const read of createReadStream(file, { highWaterMark: READ_BYTES })) {
    const chunk = Bytes.parse(read);
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end < 0) rest = Buffer.concat([rest, chunk]).subarray(0, LONGEST);
    else {
      yield Buffer.concat([rest, chunk.subarray(0, end)])
        .toString('utf8')
        .split('\n');
      rest = Buffer.from(chunk.subarray(end + 1));
    }
  }
  if (rest.length > 0) yield [rest.toString('utf8')];
}
