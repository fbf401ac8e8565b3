/**
 * `npm run bench`: what the product takes, beside what stock parts take that are built and run here and now. Prints one table
 * and writes bench/results.json. `--quick`: fewer runs, a smaller log and no sweep, to see that it works. Absolute figures are
 * this machine's; the ratios are what to compare.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRequest } from '../local/docs/measured-request.ts';
import { auditVerify } from './audit-verify.ts';
import { type ColdStarts, coldStarts } from './cold.ts';
import { evaluated } from './evaluate.ts';
import { policyFigures, policyMeasured, policyRows } from './policy.ts';
import { swept } from './sweep.ts';
import { type Row, table } from './table.ts';

const quick = process.argv.includes('--quick');
const RUNS = quick ? 5 : 25;
const AUDIT_ROWS = quick ? 20_000 : 1_000_000;
const MEDIANS = quick ? 3 : 9;
const EVALUATIONS = quick ? 2000 : 20_000;
const SWEEPS = 15;

const say = (what: string) => process.stderr.write(`${what}\n`);
const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
async function bench(): Promise<void> {
  const [load = 0] = loadavg();
  if (load > cpus().length / 2)
    say(`The machine is busy (load ${load.toFixed(1)}): ratios hold, milliseconds do not.`);
  say(`Cold starts, ${RUNS} of each ...`);
  const cold = await coldStarts(folder, RUNS);
  say('The evaluator ...');
  const policy = evaluated(EVALUATIONS);
  say('The policy file of a large company ...');
  const company = policyMeasured(MEDIANS);
  say(`Verifying ${AUDIT_ROWS} audit events ...`);
  const audit = await auditVerify(AUDIT_ROWS, MEDIANS);
  say('One whole request ...');
  const { request } = await measureRequest();
  const calls = request.filter(({ service }) => service !== 'Lambda');
  if (!quick) say('Sweeps over 100,000 open requests (filling the store takes a minute) ...');
  const sweep = quick ? null : await swept(SWEEPS);
  const results = {
    ...coldFigures(cold),
    auditVerifyRatio: audit.clockRowsPerSecond / audit.hashedClockRowsPerSecond,
    auditVerifyCpuRatio: audit.rowsPerSecond / audit.ownReaderRowsPerSecond,
    auditVerifyCpuRatioToStream: audit.rowsPerSecond / audit.hashedRowsPerSecond,
    auditVerifyRatioToRowsAlone: audit.rowsPerSecond / audit.rowsAloneRowsPerSecond,
    auditRowsPerSecond: audit.clockRowsPerSecond,
    sweepRatio: sweep && sweep.manyMs / sweep.fewMs,
    awsCallsPerRequest: calls.length,
    readUnitsPerRequest: calls.reduce((sum, { read }) => sum + read, 0),
    writeUnitsPerRequest: calls.reduce((sum, { write }) => sum + write, 0),
    evaluateMedianUs: policy.medianUs,
    evaluateP99Us: policy.p99Us,
    ...policyFigures(company),
    runs: RUNS,
    node: process.version,
    cores: cpus().length,
    loadAverage: load,
  };
  const rows: Row[] = [
    { what: 'slack bundle at start, bytes', ours: cold.slack.bytes, stock: cold.stockBolt.bytes },
    {
      what: '  with what an ask loads on top',
      ours: cold.slack.askBytes,
      stock: cold.stockBolt.bytes,
    },
    { what: '  all its parts', ours: cold.slack.allBytes, stock: null },
    {
      what: '  against Bolt + DynamoDB + Scheduler',
      ours: cold.slack.bytes,
      stock: cold.stockBoltAndAws.bytes,
    },
    { what: 'import, ms', ours: cold.slack.importMs, stock: cold.stockBolt.importMs, budget: 0.5 },
    {
      what: '  against Bolt + DynamoDB + Scheduler',
      ours: cold.slack.importMs,
      stock: cold.stockBoltAndAws.importMs,
    },
    { what: '  and the ask loaded', ours: cold.slack.askMs, stock: cold.stockBolt.importMs },
    { what: '  slowest other part', ours: cold.slack.slowestPartMs, stock: null },
    { what: 'start to ready, ms', ours: cold.slack.readyMs, stock: cold.stockBolt.readyMs },
    { what: '  bare node', ours: cold.bareMs, stock: null },
    {
      what: 'audit verify, events/s (stock: SHA-256 alone)',
      ours: audit.clockRowsPerSecond,
      stock: audit.hashedClockRowsPerSecond,
      budget: 0.5,
      moreIsBetter: true,
    },
    ...sweepRows(sweep),
    {
      what: 'evaluate, microseconds, p99 (median beside it)',
      ours: policy.p99Us,
      stock: policy.medianUs,
    },
    ...policyRows(company),
    { what: 'AWS calls of one request', ours: calls.length, stock: null },
    { what: 'write units of one request', ours: results.writeUnitsPerRequest, stock: null },
  ];
  tell(rows, results);
}

/** None where the store was not filled. */
const sweepRows = (sweep: { manyMs: number; fewMs: number } | null): Row[] =>
  sweep
    ? [
        {
          what: 'sweep of 100 due, ms (100,000 open; stock: 100 open)',
          ours: sweep.manyMs,
          stock: sweep.fewMs,
          budget: 1.2,
        },
      ]
    : [];

function tell(rows: readonly Row[], results: object): void {
  process.stdout.write(`${table(rows)}\n`);
  const file = join(import.meta.dirname, 'results.json');
  if (quick) say('Quick: bench/results.json stays as it is.');
  else writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

function coldFigures({ slack, stockBolt, stockBoltAndAws, bareMs }: ColdStarts) {
  return {
    slackBundleBytes: slack.bytes,
    slackAskBytes: slack.askBytes,
    slackAllBytes: slack.allBytes,
    stockBoltBundleBytes: stockBolt.bytes,
    stockBoltAndAwsBundleBytes: stockBoltAndAws.bytes,
    importMs: slack.importMs,
    stockBoltImportMs: stockBolt.importMs,
    stockBoltAndAwsImportMs: stockBoltAndAws.importMs,
    importRatio: slack.importMs / stockBolt.importMs,
    askMs: slack.askMs,
    askRatio: slack.askMs / stockBolt.importMs,
    slowestPartMs: slack.slowestPartMs,
    importRatioToBoltAndAws: slack.importMs / stockBoltAndAws.importMs,
    readyMs: slack.readyMs,
    stockBoltReadyMs: stockBolt.readyMs,
    readyRatio: slack.readyMs / stockBolt.readyMs,
    bareNodeMs: bareMs,
  };
}

try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
