/**
 * How fast a whole audit log is verified as `audit verify` does it, records and all, against hashing the same bytes with node:crypto.
 * Both read the same files of a copy in a folder through the same reader: rows, records, leaves and checkpoints. The measure is one
 * createHash().update(line).digest() per line, as node:crypto is commonly used. Stricter ones stand beside it: the same over
 * the rows alone, which is not half of what a verifier reads; the one-shot hash() per line; one running hash, which knows
 * nothing about any line. By hand, with peak memory: `npx tsx bench/audit-verify.ts 1000000 3`.
 */
import { createHash, hash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderSource, HEADS, ROWS } from '../local/audit/folder-source.ts';
import { linesOf } from '../local/audit/lines.ts';
import { verifyAudit } from '../shared/domain/audit/verify.ts';
import { contentOf, type Keys, openKeys } from '../test/support/audit-fixture.ts';
import { writeAuditLog, writeRecords } from './audit-log.ts';
import { median } from './statistics.ts';

/** Events a second of processor time. */
export type AuditVerify = {
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** One createHash per line of everything that is read. */
  readonly hashedRowsPerSecond: number;
  /** The same of the rows alone. */
  readonly rowsAloneRowsPerSecond: number;
  /** One one-shot hash() per line of everything. */
  readonly oneShotRowsPerSecond: number;
  /** One hash over everything. */
  readonly runningRowsPerSecond: number;
};

type EachLine = (line: string) => unknown;
const createEach = (): EachLine => (line) => createHash('sha256').update(line).digest('hex');
const ALL = [ROWS, HEADS, 'leaves', 'checkpoints'];
const BASELINES = {
  hashedRowsPerSecond: { open: createEach, of: ALL },
  rowsAloneRowsPerSecond: { open: createEach, of: [ROWS] },
  oneShotRowsPerSecond: { open: (): EachLine => (line) => hash('sha256', line, 'hex'), of: ALL },
  runningRowsPerSecond: {
    open: (): EachLine => {
      const running = createHash('sha256');
      return (line) => running.update(line);
    },
    of: ALL,
  },
} as const;
type Baseline = (typeof BASELINES)[keyof typeof BASELINES];

export async function auditVerify(least: number, runs: number): Promise<AuditVerify> {
  const keys = openKeys();
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-audit-'));
  const [verify, hashed, rowsAlone, oneShot, running]: number[][] = [[], [], [], [], []];
  const measured = [
    [hashed, BASELINES.hashedRowsPerSecond],
    [rowsAlone, BASELINES.rowsAloneRowsPerSecond],
    [oneShot, BASELINES.oneShotRowsPerSecond],
    [running, BASELINES.runningRowsPerSecond],
  ] as const;
  try {
    const rows = await writeAuditLog(folder, least, keys);
    await writeRecords(folder, rows);
    for (let run = 0; run < runs; run += 1) {
      verify?.push(await cpuMsOf(() => verifyFolder(folder, rows, keys)));
      for (const [times, baseline] of measured)
        times?.push(await cpuMsOf(() => hashLines(folder, baseline)));
    }
    const speed = (ms: readonly number[] = []) => (rows * 1000) / median(ms);
    return {
      rows,
      rowsPerSecond: speed(verify),
      hashedRowsPerSecond: speed(hashed),
      rowsAloneRowsPerSecond: speed(rowsAlone),
      oneShotRowsPerSecond: speed(oneShot),
      runningRowsPerSecond: speed(running),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the processor, helping threads and all: what else the machine does counts for neither side. */
async function cpuMsOf(run: () => Promise<void>): Promise<number> {
  const started = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

async function verifyFolder(folder: string, rows: number, keys: Keys): Promise<void> {
  const { status, counts, findings } = await verifyAudit({
    source: folderSource(folder),
    signatures: keys.signatures,
    key: 'k'.repeat(32),
    contentOf,
  });
  if (status !== 'ok' || counts.rows !== rows || counts.records === 0)
    throw new Error(`The log does not verify: ${JSON.stringify(findings)}`);
}

async function hashLines(folder: string, { open, of }: Baseline): Promise<void> {
  const each = open();
  for (const name of of)
    for (const file of filesAt(join(folder, name)))
      for await (const lines of linesOf(file)) for (const line of lines) each(line);
}

const filesAt = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [least = '200000', runs = '3'] = process.argv.slice(2);
  const result = await auditVerify(Number(least), Number(runs));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const ratio = (other: number) => (result.rowsPerSecond / other).toFixed(2);
  process.stdout.write(
    `${result.rows} events: ${Math.round(result.rowsPerSecond)} a second; of createHash per line ${ratio(result.hashedRowsPerSecond)}, of the rows alone ${ratio(result.rowsAloneRowsPerSecond)}, of one-shot ${ratio(result.oneShotRowsPerSecond)}, of one running hash ${ratio(result.runningRowsPerSecond)}; peak RSS ${Math.round(process.resourceUsage().maxRSS / 1000)} MB\n`,
  );
}
