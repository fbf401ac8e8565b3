/**
 * `npm run test:tour`: the commands of docs/tour.md, run as written in one shell, each with what it must print. In this folder with
 * data of its own; with `--fresh` in an empty folder, from `git clone` on; `--write` puts the times into the page.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingIn, protocolTable, type Step, stepsOf, type Timed, withProtocol } from './steps.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/tour.md');
const LONGEST_MS = 10 * 60_000;
const LONGEST_START_MS = 120_000;

const flags = process.argv.slice(2);
const fresh = flags.includes('--fresh');
const folder = mkdtempSync(join(tmpdir(), 'hallpass-tour-'));
const env = {
  ...process.env,
  ...{ REPOSITORY: root, PORT: '0', HALLPASS_DATA: join(folder, 'data'), NODE_NO_WARNINGS: '1' },
  // The machine may be busy.
  HALLPASS_SLACK_PATIENCE: '30',
};
const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const shell = openShell(fresh ? folder : root);
  const servers: ChildProcess[] = [];
  const timed: Timed[] = [];
  const began = performance.now();
  try {
    for (const step of stepsOf(readFileSync(page, 'utf8'))) {
      if (step.kind === 'fresh' && !fresh) continue;
      const from = performance.now();
      const output =
        step.kind === 'server'
          ? await serve(step, await shell.where(), servers)
          : await shell.run(step);
      const missing = missingIn(output, step.shows);
      if (missing !== null) throw new Error(`"${step.name}" does not show: ${missing}\n${output}`);
      const now = performance.now();
      timed.push({ name: step.name, seconds: (now - from) / 1000, since: (now - began) / 1000 });
      print(`ok  ${((now - began) / 1000).toFixed(1).padStart(6)} s  ${step.name}`);
    }
  } finally {
    shell.close();
    await Promise.all(servers.map(ended));
    rmSync(folder, { recursive: true, force: true });
  }
  const about = [
    new Date().toISOString().slice(0, 10),
    `Node ${process.versions.node}`,
    `${availableParallelism()} cores (load average ${loadavg()[0]?.toFixed(1)} at the end)`,
    ...(fresh ? ['from an empty folder'] : []),
  ].join(', ');
  const table = protocolTable(timed, `${about}:`);
  print(`\n${table}`);
  if (flags.includes('--write'))
    writeFileSync(page, withProtocol(readFileSync(page, 'utf8'), table));
}

/** One shell for all steps, for they share a folder and variables. A command that fails ends it. */
function openShell(cwd: string) {
  const child = spawn('sh', ['-eu'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const tell = (script: string): Promise<string> =>
    new Promise((resolve, reject) => {
      said = '';
      const late = setTimeout(
        () => settle(new Error(`Not done in time: ${script}\n${said}`)),
        LONGEST_MS,
      );
      const settle = (outcome: string | Error) => {
        clearTimeout(late);
        child.stdout.off('data', look);
        child.off('exit', died);
        if (typeof outcome === 'string') resolve(outcome);
        else reject(outcome);
      };
      const look = () => {
        if (said.endsWith('\n--done--\n')) settle(said.slice(0, -'--done--\n'.length));
      };
      const died = (code: number | null) =>
        settle(new Error(`Ended with ${code}: ${script}\n${said}`));
      child.stdout.on('data', look);
      child.once('exit', died);
      child.stdin.write(`{ ${script}\n} </dev/null 2>&1\nprintf '\\n--done--\\n'\n`);
    });
  return {
    run: (step: Step) => tell(step.script),
    where: async () => (await tell('pwd')).trim(),
    close: () => child.kill(),
  };
}

/** Runs until the tour is over; answers what it printed when it said its address. */
function serve({ script }: Step, cwd: string, servers: ChildProcess[]): Promise<string> {
  const child = spawn('sh', ['-c', script], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`It did not start: ${said}`)), LONGEST_START_MS);
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${said}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!/listens on .*\n/.test(said)) return;
      clearTimeout(late);
      resolve(said);
    });
  });
}

/** npm, its shell and the process below them: all of the group that was made for them. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return resolve();
    child.once('exit', () => resolve());
    process.kill(-child.pid, 'SIGTERM');
  });
}

await main().catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
