/** Hallpass as `npm start` runs it: a process of its own on a free port with a private data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const LONGEST_START_MS = 90_000;

export type Running = {
  readonly url: string;
  /** Ends the process and answers once it is gone; the data stays. */
  stop(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Ends it and forgets its data. */
  close(): Promise<void>;
};

export async function startHallpass(): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-page-'));
  let { child, url } = await launch(dataDir, '0');
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return {
    url,
    stop,
    async start() {
      ({ child, url } = await launch(dataDir, new URL(url).port));
    },
    async close() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function launch(
  dataDir: string,
  port: string,
): Promise<{ child: ChildProcess; url: string }> {
  const env = {
    ...process.env,
    ...{ PORT: port, HALLPASS_DATA: dataDir, NODE_ENV: 'production' },
    // Nobody who looks is in a hurry, and the machine may be busy.
    HALLPASS_SLACK_PATIENCE: '30',
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], { cwd: ROOT, env });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`No address in time. ${said}`)),
      LONGEST_START_MS,
    );
    child.once('exit', (code) => reject(new Error(`Ended with ${code}. ${said}`)));
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      const address = /listens on (http:\S+)\s/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
  return { child, url };
}
