/**
 * How fast a whole audit log is verified, against hashing the same bytes with node:crypto. Both read the same `rows.jsonl` of a
 * copy in a folder through the same reader. The measure is one createHash().update(line).digest() per event, as node:crypto is
 * commonly used and as a chain needs (a hash per event); stricter ones stand beside it: the one-shot hash() per event, and one
 * running hash over all lines, which knows nothing about any of them.
 * By hand, with peak memory: `npx tsx bench/audit-verify.ts 1000000 3`; with `records` behind it the records of all requests are
 * compared with their events too.
 */
import { createHash, hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderSource } from '../local/audit/folder-source.ts';
import { linesOf } from '../local/audit/lines.ts';
import { verifyAudit } from '../shared/domain/audit/verify.ts';
import { contentOf, type Keys, openKeys } from '../test/support/audit-fixture.ts';
import { writeAuditLog, writeRecords } from './audit-log.ts';
import { median } from './statistics.ts';

export type AuditVerify = {
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** One createHash per event. */
  readonly hashedRowsPerSecond: number;
  /** One one-shot hash() per event. */
  readonly oneShotRowsPerSecond: number;
  /** One hash over everything. */
  readonly runningRowsPerSecond: number;
};

const BASELINES = {
  hashedRowsPerSecond: () => (line: string) => createHash('sha256').update(line).digest('hex'),
  oneShotRowsPerSecond: () => (line: string) => hash('sha256', line, 'hex'),
  runningRowsPerSecond: () => {
    const running = createHash('sha256');
    return (line: string) => running.update(line);
  },
} as const satisfies Record<string, () => (line: string) => unknown>;

export async function auditVerify(
  least: number,
  runs: number,
  withRecords = false,
): Promise<AuditVerify> {
  const keys = openKeys();
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-audit-'));
  try {
    const rows = await writeAuditLog(folder, least, keys);
    if (withRecords) await writeRecords(folder, rows);
    const verify: number[] = [];
    const hashed = { hashedRowsPerSecond: [], oneShotRowsPerSecond: [], runningRowsPerSecond: [] };
    const times: Record<keyof typeof BASELINES, number[]> = hashed;
    for (let run = 0; run < runs; run += 1) {
      verify.push(await msOf(() => verifyFolder(folder, rows, keys)));
      for (const name of NAMES) times[name].push(await msOf(() => hashLines(folder, name)));
    }
    const speed = (ms: readonly number[]) => (rows * 1000) / median(ms);
    return {
      rows,
      rowsPerSecond: speed(verify),
      hashedRowsPerSecond: speed(times.hashedRowsPerSecond),
      oneShotRowsPerSecond: speed(times.oneShotRowsPerSecond),
      runningRowsPerSecond: speed(times.runningRowsPerSecond),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const NAMES = ['hashedRowsPerSecond', 'oneShotRowsPerSecond', 'runningRowsPerSecond'] as const;

async function msOf(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

async function verifyFolder(folder: string, rows: number, keys: Keys): Promise<void> {
  const report = await verifyAudit({
    source: folderSource(folder),
    signatures: keys.signatures,
    key: 'k'.repeat(32),
    contentOf,
  });
  if (report.status !== 'ok' || report.counts.rows !== rows)
    throw new Error(`The log does not verify: ${JSON.stringify(report.findings)}`);
}

async function hashLines(folder: string, name: keyof typeof BASELINES): Promise<void> {
  const each = BASELINES[name]();
  for await (const lines of linesOf(join(folder, 'rows.jsonl')))
    for (const line of lines) each(line);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [least = '200000', runs = '3', more = ''] = process.argv.slice(2);
  const result = await auditVerify(Number(least), Number(runs), more === 'records');
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const ratio = (other: number) => (result.rowsPerSecond / other).toFixed(2);
  process.stdout.write(
    `${result.rows} events: ${Math.round(result.rowsPerSecond)} a second; of createHash per event ${ratio(result.hashedRowsPerSecond)}, of one-shot ${ratio(result.oneShotRowsPerSecond)}, of one running hash ${ratio(result.runningRowsPerSecond)}; peak RSS ${Math.round(process.resourceUsage().maxRSS / 1000)} MB\n`,
  );
}
