/**
 * The simulation in a worker, over the product's code as it is or with a defect planted: bundled in memory, so nothing
 * on disk is ever broken.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'esbuild';
import * as z from 'zod';
import type { Edit, Plant } from './plants.ts';
import type { RunSeed } from './report.ts';
import type { SeedResult } from './run-seed.ts';

const ROOT = process.cwd();
const Answer = z.custom<SeedResult>((value) => typeof value === 'object' && value !== null);

export type Runner = { run: RunSeed; close(): Promise<unknown> };

/** @throws when the text that a plant edits is no longer there: the plant must follow the product. */
export async function runner(plant: Plant | null, skewMs?: number): Promise<Runner> {
  const worker = new Worker(await bundled(plant), { eval: true, workerData: { skewMs } });
  return {
    close: () => worker.terminate(),
    run: (seed) =>
      new Promise((resolve, reject) => {
        worker.once('error', reject);
        worker.once('message', (answer) => {
          worker.off('error', reject);
          resolve(Answer.parse(answer));
        });
        worker.postMessage(seed);
      }),
  };
}

async function bundled(plant: Plant | null): Promise<string> {
  const built = await build({
    entryPoints: [join(ROOT, 'test/simulation/worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    plugins: plant ? [planting(plant)] : [],
    logLevel: 'silent',
  });
  return built.outputFiles[0]?.text ?? '';
}

const planting = ({ name, edits }: Plant): Plugin => ({
  name: 'plant',
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = relative(ROOT, path);
      const own = edits.filter((edit) => edit.file === file);
      if (own.length === 0) return undefined;
      const contents = own.reduce(
        (text, edit) => edited(text, edit, name),
        readFileSync(path, 'utf8'),
      );
      return { contents, loader: 'ts' };
    });
  },
});

function edited(text: string, { file, find, replace }: Edit, plant: string): string {
  if (text.split(find).length !== 2)
    throw new Error(`Plant ${plant}: ${file} must hold this text once: ${find}`);
  return text.replace(find, () => replace);
}
