/**
 * How fast a whole audit log is verified as `audit verify` does it, records and all, against hashing the same bytes with node:crypto.
 * Both read the same files of a copy in a folder: rows, records, leaves and checkpoints. The measure is one
 * createHash().update(line).digest() per line through the verifier's own reader, by the clock: what somebody waits for. Beside it
 * stand others, of processor time in one thread: the same; per line of a stream, as node:crypto is commonly used; over the rows alone,
 * which are not all that a verifier reads; the one-shot hash() per line; one running hash, which knows nothing about any line. By hand, with peak memory: `npx tsx bench/audit-verify.ts 1000000 3`.
 */
import { createHash, hash } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { besideInAThread } from '../local/audit/beside-thread.ts';
import { folderSource, HEADS, ROWS } from '../local/audit/folder-source.ts';
import { linesOf } from '../local/audit/lines.ts';
import { type VerifyOptions, verifyAudit } from '../shared/domain/audit/verify.ts';
import { contentOf, type Keys, openKeys } from '../test/support/audit-fixture.ts';
import { writeAuditLog, writeRecords } from './audit-log.ts';
import { median } from './statistics.ts';

/** Events a second of processor time, but for the two by the clock. */
export type AuditVerify = {
  readonly rows: number;
  /** By the clock, as the command does it with a large copy: leaves and records in a thread beside the rows, its start and all. */
  readonly clockRowsPerSecond: number;
  /** By the clock: one createHash per line of everything, read as the verifier reads. */
  readonly hashedClockRowsPerSecond: number;
  /** In one thread. */
  readonly rowsPerSecond: number;
  /** One createHash per line of everything that is read. */
  readonly hashedRowsPerSecond: number;
  /** The same, read as the verifier reads. */
  readonly ownReaderRowsPerSecond: number;
  /** The same of the rows alone. */
  readonly rowsAloneRowsPerSecond: number;
  /** One one-shot hash() per line of everything. */
  readonly oneShotRowsPerSecond: number;
  /** One hash over everything. */
  readonly runningRowsPerSecond: number;
};

type EachLine = (line: string) => unknown;
type Reader = (file: string) => AsyncIterable<readonly string[]>;
const createEach = (): EachLine => (line) => createHash('sha256').update(line).digest('hex');
const ALL = [ROWS, HEADS, 'leaves', 'checkpoints'];

const STREAM_BYTES = 256 * 1024;
/** A stream of texts, split where lines end: what is left of the last one goes before the next. */
async function* streamed(file: string): AsyncIterable<readonly string[]> {
  let rest = '';
  for await (const text of createReadStream(file, {
    encoding: 'utf8',
    highWaterMark: STREAM_BYTES,
  })) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}
async function* ownRead(file: string): AsyncIterable<readonly string[]> {
  for (const { lines } of linesOf(file)) yield lines;
}

const BASELINES = {
  hashedRowsPerSecond: { open: createEach, of: ALL, read: streamed },
  ownReaderRowsPerSecond: { open: createEach, of: ALL, read: ownRead },
  rowsAloneRowsPerSecond: { open: createEach, of: [ROWS], read: streamed },
  oneShotRowsPerSecond: {
    open: (): EachLine => (line) => hash('sha256', line, 'hex'),
    ...{ of: ALL, read: streamed },
  },
  runningRowsPerSecond: {
    open: (): EachLine => {
      const running = createHash('sha256');
      return (line) => running.update(line);
    },
    ...{ of: ALL, read: streamed },
  },
} satisfies Record<string, Baseline>;
type Baseline = { open: () => EachLine; of: readonly string[]; read: Reader };

export async function auditVerify(least: number, runs: number): Promise<AuditVerify> {
  const keys = openKeys();
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-audit-'));
  const [beside, hashedClock]: number[][] = [[], []];
  const [verify, hashed, ownReader, rowsAlone, oneShot, running]: number[][] = [
    [],
    [],
    [],
    [],
    [],
    [],
  ];
  const measured = [
    [hashed, BASELINES.hashedRowsPerSecond],
    [ownReader, BASELINES.ownReaderRowsPerSecond],
    [rowsAlone, BASELINES.rowsAloneRowsPerSecond],
    [oneShot, BASELINES.oneShotRowsPerSecond],
    [running, BASELINES.runningRowsPerSecond],
  ] as const;
  try {
    const rows = await writeAuditLog(folder, least, keys);
    await writeRecords(folder, rows);
    for (let run = 0; run < runs; run += 1) {
      beside?.push(await clockMsOf(() => verifyFolder(folder, rows, keys, true)));
      hashedClock?.push(await clockMsOf(() => hashLines(folder, BASELINES.ownReaderRowsPerSecond)));
      verify?.push(await cpuMsOf(() => verifyFolder(folder, rows, keys)));
      for (const [times, baseline] of measured)
        times?.push(await cpuMsOf(() => hashLines(folder, baseline)));
    }
    const speed = (ms: readonly number[] = []) => (rows * 1000) / median(ms);
    return {
      rows,
      clockRowsPerSecond: speed(beside),
      hashedClockRowsPerSecond: speed(hashedClock),
      rowsPerSecond: speed(verify),
      hashedRowsPerSecond: speed(hashed),
      ownReaderRowsPerSecond: speed(ownReader),
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

async function clockMsOf(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

async function verifyFolder(
  folder: string,
  rows: number,
  keys: Keys,
  isBeside = false,
): Promise<void> {
  const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const beside: VerifyOptions['beside'] = (job, onProgress) =>
    besideInAThread({ folder, pem }, job, onProgress);
  const { status, counts, findings } = await verifyAudit({
    source: folderSource(folder),
    signatures: keys.signatures,
    key: 'k'.repeat(32),
    contentOf,
    ...(isBeside ? { beside } : {}),
  });
  if (status !== 'ok' || counts.rows !== rows || counts.records === 0)
    throw new Error(`The log does not verify: ${JSON.stringify(findings)}`);
}

async function hashLines(folder: string, { open, of, read }: Baseline): Promise<void> {
  const each = open();
  for (const name of of)
    for (const file of filesAt(join(folder, name)))
      for await (const lines of read(file)) for (const line of lines) each(line);
}

const filesAt = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [least = '200000', runs = '3'] = process.argv.slice(2);
  const result = await auditVerify(Number(least), Number(runs));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const ratio = (other: number) => (result.rowsPerSecond / other).toFixed(2);
  process.stdout.write(
    `${result.rows} events: ${Math.round(result.clockRowsPerSecond)} a second by the clock with two threads, ${(result.clockRowsPerSecond / result.hashedClockRowsPerSecond).toFixed(2)} of createHash per line by our reader. Of processor time, one thread: ${Math.round(result.rowsPerSecond)} a second; of createHash per line ${ratio(result.hashedRowsPerSecond)}, of the same by our reader ${ratio(result.ownReaderRowsPerSecond)}, of the rows alone ${ratio(result.rowsAloneRowsPerSecond)}, of one-shot ${ratio(result.oneShotRowsPerSecond)}, of one running hash ${ratio(result.runningRowsPerSecond)}; peak RSS ${Math.round(process.resourceUsage().maxRSS / 1000)} MB\n`,
  );
}
