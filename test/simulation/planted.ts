/** The simulation over product code with a defect planted: bundled in memory, so nothing on disk is ever broken. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import * as z from 'zod';
import type { Edit, Plant } from './plants.ts';
import type { RunSeed } from './report.ts';

const ROOT = process.cwd();
const Bundled = z.object({
  runSeed: z.custom<RunSeed>((value) => typeof value === 'function'),
});

/** @throws when the text that a plant edits is no longer there: the plant must follow the product. */
export async function planted(plant: Plant): Promise<RunSeed> {
  const built = await build({
    entryPoints: [join(ROOT, 'test/simulation/run-seed.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    external: ['zod', 'yaml'],
    plugins: [planting(plant)],
    logLevel: 'silent',
  });
  const code = built.outputFiles[0]?.text ?? '';
  const module = { exports: {} };
  const load = new Function('require', 'module', 'exports', code);
  load(createRequire(join(ROOT, 'package.json')), module, module.exports);
  return Bundled.parse(module.exports).runSeed;
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
