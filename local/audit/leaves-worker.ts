/** A thread of its own that reads the leaves of a copy (leaves-thread.ts starts it). */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { verifyingKey } from '../../shared/adapters/verifying-key.ts';
import { readLeaves } from '../../shared/domain/audit/verify-leaves.ts';
import { folderSource } from './folder-source.ts';

const { folder, pem, job } = z
  .strictObject({
    folder: z.string(),
    pem: z.string(),
    job: z.strictObject({
      key: z.string(),
      since: z.string().nullable(),
      chain: z.string().nullable(),
    }),
  })
  .parse(workerData);
const at = { source: folderSource(folder), signatures: verifyingKey(pem) };
const tell = (message: unknown) => parentPort?.postMessage(message);
readLeaves(at, job, (leaves) => tell({ leaves })).then(tell, (error: unknown) => {
  throw error;
});
