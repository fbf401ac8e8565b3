/**
 * Starts a thread that reads leaves and records and records of a copy while this one reads its rows, and hands on what it found. Nothing that it
 * says is believed unless it looks like an outcome; a thread that dies is an error, never a copy without leaves.
 */
import { isUint32Array } from 'node:util/types';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { FINDINGS, type FindingCode } from '../../shared/domain/audit/findings.ts';
import { WORDS } from '../../shared/domain/audit/keyed-digests.ts';
import { SUMS } from '../../shared/domain/audit/multiset.ts';
import type { BesideJob, BesideOutcome } from '../../shared/domain/audit/verify-beside.ts';

const Finding = z.strictObject({
  code: z.custom<FindingCode>((code) => typeof code === 'string' && code in FINDINGS),
  where: z.string(),
  row: z.strictObject({ chain: z.string(), seq: z.number() }).nullable(),
  what: z.string(),
});
const Sums = z.custom<Uint32Array>((sums) => isUint32Array(sums) && sums.length === SUMS * WORDS);
const Outcome = z.strictObject({
  leaves: z.int().min(0),
  findings: z.array(Finding),
  findingCount: z.int().min(0),
  ...{ sealed: Sums, heads: Sums, records: z.strictObject({ count: z.int().min(0), sums: Sums }) },
});
const Said = z.union([
  z.strictObject({ leaves: z.int().min(0) }),
  z.strictObject({ misread: z.string() }),
  Outcome,
]);

/** TypeScript is read in the thread as in the program that starts it. */
const HERE = JSON.stringify(import.meta.dirname);
const START = `require(require.resolve('tsx/cjs/api', { paths: [${HERE}] })).register();
require(require('node:path').join(${HERE}, 'beside-worker.ts'));`;

/**
 * @param at the folder of the copy and the public key in PEM
 * @throws ZodError for a line that is not what the format says, as whoever reads it in this thread
 */
export function besideInAThread(
  at: { folder: string; pem: string },
  job: BesideJob,
  onProgress: (leaves: number) => void,
): Promise<BesideOutcome> {
  const worker = new Worker(START, { eval: true, workerData: { ...at, job } });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) =>
      reject(new Error(`The thread that reads leaves and records ended: ${code}`)),
    );
    worker.on('message', (message: unknown) => {
      const said = Said.safeParse(message);
      if (!said.success)
        reject(new Error('The thread that reads leaves and records said nothing known'));
      else if ('misread' in said.data) reject(misread(said.data.misread));
      else if ('sealed' in said.data) resolve(said.data);
      else onProgress(said.data.leaves);
    });
  });
}

const misread = (message: string) =>
  new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]);
