/** Runs seeds as they are asked for, away from the test runner: the same code at full speed. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { runSeed } from './run-seed.ts';

const options = z.object({ skewMs: z.number().optional() }).parse(workerData);

parentPort?.on('message', (seed: number) => {
  void runSeed(seed, options).then((result) => parentPort?.postMessage(result));
});
