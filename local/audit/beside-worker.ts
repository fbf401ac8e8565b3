/** A thread of its own that reads leaves and records of a copy (beside-thread.ts starts it). */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { verifyingKey } from '../../shared/adapters/verifying-key.ts';
import { readBeside } from '../../shared/domain/audit/verify-beside.ts';
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
readBeside(at, job, (leaves) => tell({ leaves })).then(tell, (error: unknown) => {
  if (!(error instanceof z.ZodError)) throw error;
  tell({ misread: error.message });
});
