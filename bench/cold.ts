/**
 * Cold starts of the slack function beside stock ones that are built and run here and now. Each is loaded by a fresh process;
 * the bundles take turns, so that whatever else the machine does meets all of them alike.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';
import { type BuiltFunction, buildFunctions } from '../infra/bundle.ts';
import { anyEnvironment } from './any-environment.ts';
import { median } from './statistics.ts';

const ROOT = join(import.meta.dirname, '..');
const CHILD = join(import.meta.dirname, 'cold-child.mjs');
/** The first ones fill the file system's cache. */
const WARM_UPS = 2;

type Bundle = { readonly name: string; readonly file: string; readonly bytes: number };
export type Cold = Bundle & { readonly importMs: number; readonly readyMs: number };
/** Of the slack function, which loads the rest in parts. */
export type Parts = {
  /** At start, and what an ask loads while the signing secrets are fetched. */
  readonly askBytes: number;
  readonly askMs: number;
  /** Everything that can ever be loaded. */
  readonly allBytes: number;
  /** The slowest of all other parts, each loaded with its first use. */
  readonly slowestPartMs: number;
};
export type ColdStarts = {
  readonly slack: Cold & Parts;
  readonly stockBolt: Cold;
  readonly stockBoltAndAws: Cold;
  readonly bareMs: number;
};

export async function coldStarts(folder: string, runs: number): Promise<ColdStarts> {
  const slackBuilt = await ours(folder);
  const bundles = [
    slackBuilt,
    await stock('bolt-hello', folder),
    await stock('bolt-and-aws', folder),
  ] as const;
  for (let i = 0; i < WARM_UPS; i += 1) for (const { file } of bundles) coldStart(file);
  const figures = new Map<string, Started[]>();
  const parts = [...slackBuilt.ahead, ...otherParts(slackBuilt)];
  const bare: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    bare.push(bareStart());
    for (const { name, file } of bundles)
      figures.set(name, [
        ...(figures.get(name) ?? []),
        coldStart(file, name === slackBuilt.name ? parts : []),
      ]);
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
    slack: { ...measured(slack), ...partsOf(slackBuilt, figures.get(slackBuilt.name) ?? []) },
    stockBolt: measured(stockBolt),
    stockBoltAndAws: measured(stockBoltAndAws),
    bareMs: median(bare),
  };
}

/** What is deployed, by the project's own build. */
async function ours(folder: string): Promise<BuiltFunction> {
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

/** Those that are loaded with their first use, by one person's intent or another. */
function otherParts({ file, ahead, files }: BuiltFunction): readonly string[] {
  const first = new Set([...ahead, ...files]);
  const all = readdirSync(dirname(file)).filter((name) => name.endsWith('.mjs'));
  return all.map((name) => join(dirname(file), name)).filter((path) => !first.has(path));
}

function partsOf({ ahead, ...built }: BuiltFunction, starts: readonly Started[]): Parts {
  const sum = (all: readonly number[]) => all.reduce((total, ms) => total + ms, 0);
  const others = Array.from({ length: (starts[0]?.partsMs.length ?? 0) - ahead.length }, (_, i) =>
    median(starts.map(({ partsMs }) => partsMs[ahead.length + i] ?? 0)),
  );
  return {
    askBytes: built.bytes + built.aheadBytes,
    askMs: median(
      starts.map(({ importMs, partsMs }) => importMs + sum(partsMs.slice(0, ahead.length))),
    ),
    allBytes: built.allBytes,
    slowestPartMs: Math.max(...others),
  };
}

const Started = z.object({
  importMs: z.number(),
  readyMs: z.number(),
  partsMs: z.array(z.number()),
});
type Started = z.infer<typeof Started>;
const env = { ...anyEnvironment, PATH: process.env['PATH'] };
const run = (args: readonly string[]): string =>
  execFileSync(process.execPath, args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const coldStart = (file: string, parts: readonly string[] = []): Started =>
  Started.parse(JSON.parse(run([CHILD, file, JSON.stringify(parts)])));
const bareStart = (): number =>
  Number(run(['--eval', 'process.stdout.write(String(performance.now()))']));
