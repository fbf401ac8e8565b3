/** `npm run policy -- …` */
import { open } from 'node:fs/promises';
import * as z from 'zod';
import { openDesk } from '../audit/open-desk.ts';
import { policyCommand } from './policy.ts';
import { MOST_READ_BYTES } from './policy-text.ts';
import type { History } from './terminal.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const { stderr, stdout, env } = process;

const Absent = z.object({ code: z.enum(['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES']) });

/** Never more than the largest file that is read, whatever the name leads to. */
async function readFile(path: string): Promise<Uint8Array | null> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(MOST_READ_BYTES),
        0,
        MOST_READ_BYTES,
        0,
      );
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (Absent.safeParse(error).success) return null;
    throw error;
  }
}

async function openHistory(): Promise<History | string> {
  const opened = await openDesk({
    env,
    print: () => {},
    complain: () => {},
    write: async () => {},
    verify: async () => ({ outcome: 'not-run', lines: [] }),
  });
  if (typeof opened === 'string') return opened;
  const { journal, clock } = opened.desk;
  return { journal, now: clock.now(), close: opened.close };
}

policyCommand(process.argv.slice(2), {
  env,
  print: (line) => stdout.write(`${line}\n`),
  complain: (line) => stderr.write(`${line}\n`),
  colours: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
  progress: stderr.isTTY ? (line) => stderr.write(`\r\u001b[K${line}`) : null,
  readFile,
  now: () => new Date(),
  openHistory,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 2;
  },
);
