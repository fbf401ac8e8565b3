/** Programs that tests start beside them: a port that is free, and an end that is certain. By their own process, never by name. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import * as z from 'zod';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

const PATIENCE_MS = 5000;

/** Asks it to stop, and stops it when it does not within five seconds. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(late);
}

export type Ran = { readonly code: number | null; readonly said: string };

/** Runs a program to its end, or ends it when it takes too long; answers all that it said on both streams. */
export async function run(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; withinMs: number },
): Promise<Ran> {
  const { env = process.env, cwd = process.cwd() } = options;
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const late = setTimeout(() => {
    said += `\nended after ${options.withinMs / 1000} s`;
    child.kill('SIGKILL');
  }, options.withinMs);
  const [code] = await once(child, 'close');
  clearTimeout(late);
  return { code, said };
}
