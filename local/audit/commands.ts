/** The commands that read the audit log and erase beside it, as the dispatcher takes them: each opens a desk, and closes it. */
import { once } from 'node:events';
import * as z from 'zod';
import { type Against, type Desk, EXIT, NOT_VERIFIED, type Verification } from './desk.ts';
import { ERASE_USAGE, erase, HOLD_USAGE, hold, RELEASE_USAGE, release } from './erase.ts';
import { EVIDENCE_USAGE, evidence } from './evidence/evidence.ts';
import { EXPORT_USAGE, exportLog } from './export.ts';
import { LIST_USAGE, list } from './list.ts';
import { openDesk } from './open-desk.ts';
import { placeAt } from './place.ts';
import { SHOW_USAGE, show } from './show.ts';
import { whyUnreadable } from './trouble.ts';
import { keyFor, type Terminal, verify } from './verify.ts';

type Run = (args: readonly string[], desk: Desk) => Promise<number>;
type Command = {
  readonly usage: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

const atDesk = (usage: string, run: Run): Command => ({
  usage,
  run: (args, terminal) => withDesk(terminal, (desk) => run(args, desk)),
});

export const READING_COMMANDS: readonly (readonly [string, Command])[] = [
  ['list', atDesk(LIST_USAGE, list)],
  ['show', atDesk(SHOW_USAGE, show)],
  ['export', atDesk(EXPORT_USAGE, exportLog)],
  ['evidence', atDesk(EVIDENCE_USAGE, evidence)],
  ['erase', atDesk(ERASE_USAGE, erase)],
  ['hold', atDesk(HOLD_USAGE, hold)],
  ['release', atDesk(RELEASE_USAGE, release)],
];

async function withDesk(terminal: Terminal, run: (desk: Desk) => Promise<number>): Promise<number> {
  let close = () => {};
  try {
    const opened = await openDesk({
      ...terminal,
      write: toStdout,
      verify: (against) => verified(terminal, against),
    });
    if (typeof opened === 'string') {
      terminal.complain(opened);
      return EXIT.unreadable;
    }
    close = opened.close;
    return await run(opened.desk);
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null || error instanceof z.ZodError) throw error;
    terminal.complain(why);
    return EXIT.unreadable;
  } finally {
    close();
  }
}

/** No faster than it is taken: what waits to be written would be what grows with the export. */
async function toStdout(chunk: string): Promise<void> {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
}

const Report = z.object({
  status: z.enum(['ok', 'tampered', 'incomplete', 'unreadable']),
  findings: z.array(z.object({ code: z.string(), where: z.string(), what: z.string() })),
  findingCount: z.int(),
});

/** As `audit verify` says it; its counts grow with every reading, so evidence keeps what was found. */
async function verified(terminal: Terminal, against: Against): Promise<Verification> {
  const { pubkey, witness } = against;
  const said: string[] = [];
  const key = pubkey === null ? [] : ['--pubkey', pubkey];
  const last = witness === null ? [] : ['--expect-last', witness];
  const code = await verify(['--json', ...key, ...last], {
    ...terminal,
    print: (line) => said.push(line),
    complain: (line) => said.push(line),
  });
  const report = said.flatMap((line) => Report.safeParse(jsonOf(line)).data ?? [])[0];
  if (!report) return { ...NOT_VERIFIED, lines: [`audit verify exited ${code}`, ...said] };
  const lines = report.findings.map(
    ({ code: what, where, what: why }) => `${what} ${where}: ${why}`,
  );
  const more = report.findingCount - lines.length;
  return {
    outcome: report.status === 'ok' ? 'intact' : report.status,
    lines: more > 0 ? [...lines, `${more} more`] : lines,
    key: await keyUsed(terminal, pubkey),
    witness,
  };
}

async function keyUsed({ env }: Terminal, pubkey: string | null): Promise<Verification['key']> {
  if (pubkey !== null) return { sha256: (await keyFor(pubkey, null)).fingerprint, isPinned: true };
  const place = placeAt(env, null);
  if (typeof place === 'string') return null;
  try {
    const key = await place.key();
    return key && { sha256: key.fingerprint, isPinned: false };
  } finally {
    place.close();
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
