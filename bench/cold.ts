/**
 * Cold starts of the slack function beside stock ones that are built and run here and now. Each is loaded by a fresh process;
 * the bundles take turns, so that whatever else the machine does meets all of them alike.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';
import { buildFunctions } from '../infra/bundle.ts';
import { anyEnvironment } from './any-environment.ts';
import { median } from './statistics.ts';

const ROOT = join(import.meta.dirname, '..');
const CHILD = join(import.meta.dirname, 'cold-child.mjs');
/** The first ones fill the file system's cache. */
const WARM_UPS = 2;

type Bundle = { readonly name: string; readonly file: string; readonly bytes: number };
export type Cold = Bundle & { readonly importMs: number; readonly readyMs: number };
export type ColdStarts = {
  readonly slack: Cold;
  readonly stockBolt: Cold;
  readonly stockBoltAndAws: Cold;
  readonly bareMs: number;
};

export async function coldStarts(folder: string, runs: number): Promise<ColdStarts> {
  const bundles = [
    await ours(folder),
    await stock('bolt-hello', folder),
    await stock('bolt-and-aws', folder),
  ] as const;
  for (let i = 0; i < WARM_UPS; i += 1) for (const { file } of bundles) coldStart(file);
  const figures = new Map<string, { importMs: number; readyMs: number }[]>();
  const bare: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    bare.push(bareStart());
    for (const { name, file } of bundles)
      figures.set(name, [...(figures.get(name) ?? []), coldStart(file)]);
  }
  const measured = (bundle: Bundle): Cold => {
    const all = figures.get(bundle.name) ?? [];
    return {
      ...bundle,
      importMs: median(all.map(({ importMs }) => importMs)),
      readyMs: median(all.map(({ readyMs }) => readyMs)),
    };
  };
  const [slack, stockBolt, stockBoltAndAws] = bundles;
  return {
    slack: measured(slack),
    stockBolt: measured(stockBolt),
    stockBoltAndAws: measured(stockBoltAndAws),
    bareMs: median(bare),
  };
}

/** What is deployed, by the project's own build. */
async function ours(folder: string): Promise<Bundle> {
  const outFolder = join(folder, 'hallpass');
  const policyFile = join(ROOT, 'access.yaml');
  const built = await buildFunctions({ root: ROOT, outFolder, policyFile });
  const slack = built.find(({ name }) => name === 'slack');
  if (!slack) throw new Error('lambdas/slack/handler.ts was not built');
  return slack;
}

/** As it comes: one file, minified, nothing left out. */
async function stock(name: string, folder: string): Promise<Bundle> {
  const file = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'entries', `${name}.ts`)],
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as stockRequire}from'node:module';const require=stockRequire(import.meta.url);",
    },
  });
  return { name, file, bytes: statSync(file).size };
}

const Started = z.object({ importMs: z.number(), readyMs: z.number() });
const env = { ...anyEnvironment, PATH: process.env['PATH'] };
const run = (args: readonly string[]): string =>
  execFileSync(process.execPath, args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const coldStart = (file: string) => Started.parse(JSON.parse(run([CHILD, file])));
const bareStart = (): number =>
  Number(run(['--eval', 'process.stdout.write(String(performance.now()))']));
