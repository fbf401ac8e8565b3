/** Where a Hallpass that runs on this machine answers, for commands beside it: by the file it leaves in its data folder (local/world.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Fault } from '../shared/ports.ts';

export const LOCAL_AWS = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const Endpoints = z.object({ dynamodb: z.url(), port: z.int().min(1).max(65_535) });
export type RunningHere = z.infer<typeof Endpoints>;

/** Or the sentence that says how to start one. */
export function runningHere(dataDir: string | undefined): RunningHere | string {
  const file = join(dataDir || '.hallpass', 'endpoints.json');
  const running = Endpoints.safeParse(jsonIn(file));
  return running.success
    ? running.data
    : `No Hallpass runs here (${file} says nothing). Run: npm start`;
}

const Unreadable = z.object({ code: z.enum(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES']) });
function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || Unreadable.safeParse(error).success) return undefined;
    throw error;
  }
}

const LocalTime = z.object({ now: z.iso.datetime() });
/** @throws Fault when nobody answers: the file outlives the Hallpass that wrote it */
async function asked(port: number): Promise<Response> {
  try {
    return await fetch(`http://127.0.0.1:${port}/_local/clock`, {
      signal: AbortSignal.timeout(3000),
    });
  } catch (cause) {
    throw new Fault(`The Hallpass that ran here does not answer on port ${port}. Run: npm start`, {
      ...{ service: 'outside', retryable: true, cause },
    });
  }
}

/** What is done beside a running Hallpass is judged by its clock, which may have been pushed. */
export async function clockHere(port: number): Promise<Date> {
  const answer = await asked(port);
  // Not served beside a real service; then the clock cannot have been pushed either.
  if (answer.status === 404) return new Date();
  return new Date(LocalTime.parse(await answer.json()).now);
}
