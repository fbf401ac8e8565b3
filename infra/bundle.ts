/**
 * Builds every lambdas/<name>/handler.ts into infra/dist/<name>/index.mjs with esbuild: ESM, minified, source maps, with
 * stubs for what Bolt and the SDK never use on Lambda (docs/decisions/0004). A function whose environment names a policy gets
 * the policy file beside its bundle. Equal sources give equal bytes.
 */
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { builtInsByRequire } from './built-ins.ts';
import { findHandlers, readsPolicy } from './handlers.ts';
import { withoutUnusedModules } from './left-out.ts';
import { lessInPlace } from './put-in-place.ts';

const UNUSED = join(import.meta.dirname, 'stubs/unused-module.cjs');

export type BuiltFunction = {
  readonly name: string;
  readonly file: string;
  /** Those of a cold start. */
  readonly files: readonly string[];
  /** What a cold start loads: the entry and whatever it imports at once. */
  readonly bytes: number;
  /** What asking loads on top of that, while a first request waits for the signing secrets. */
  readonly aheadBytes: number;
  /** Those to import for it. */
  readonly ahead: readonly string[];
  /** With what is loaded when it is first needed. */
  readonly allBytes: number;
};

export type BuildPlaces = {
  /** Folder that holds `lambdas/`. */
  readonly root: string;
  readonly outFolder: string;
  /** Policy file that the functions carry. */
  readonly policyFile: string;
};

const ASKED = 'asked';

/** Parts that nearly every request needs some of: with all that they share with other parts, they are one file. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  slack: [
    'listeners/request-access.ts',
    'listeners/submit-request.ts',
    '../../shared/adapters/production-journal.ts',
    '../../shared/application/policies.ts',
  ],
};

/**
 * Whatever is imported by `import()` also imports the entry, which is loaded by then, and what stands in TOGETHER. So esbuild
 * finds each of their modules needed by every part, and makes one file of a cold start, and one of those, instead of one for
 * each set of parts that share something.
 */
const fewFiles = (entry: string, together: readonly string[]): Plugin => ({
  name: 'few-files',
  setup(building) {
    building.onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...from }) => {
      const isOurs = kind === 'dynamic-import' && !from.importer.includes('/node_modules/');
      if (!isOurs || pluginData === ASKED) return null;
      const found = await building.resolve(path, { ...from, kind, pluginData: ASKED });
      return found.external || found.errors.length > 0
        ? found
        : { path: found.path, namespace: 'later' };
    });
    building.onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: [
        ...[entry, ...together].map((each) => `import ${JSON.stringify(each)};`),
        `export * from ${JSON.stringify(path)};`,
      ].join('\n'),
      resolveDir: dirname(path),
    }));
  },
});

async function buildOne(name: string, { root, outFolder }: BuildPlaces): Promise<BuiltFunction> {
  const folder = join(outFolder, name);
  const file = join(folder, 'index.mjs');
  const source = join(root, 'lambdas', name);
  const entry = join(source, 'handler.ts');
  const together = (TOGETHER[name] ?? []).map((path) => join(source, path));
  const { metafile } = await build({
    entryPoints: { index: entry },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'part-[hash]',
    bundle: true,
    // What is imported by `import()` is a file of its own.
    splitting: true,
    metafile: true,
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages inside the ESM bundle still call require for Node's own modules.
    banner: {
      js: "import{createRequire as hallpassRequire}from'node:module';const require=hallpassRequire(import.meta.url);",
    },
    alias: {
      // The same source as an ES module, so that what is not used falls away.
      yaml: join(import.meta.dirname, '../node_modules/yaml/browser/dist/index.js'),
      express: UNUSED,
      'raw-body': UNUSED,
      '@slack/oauth': UNUSED,
      '@slack/socket-mode': UNUSED,
      '@aws-sdk/endpoint-cache': join(import.meta.dirname, 'stubs/no-endpoint-cache.mjs'),
      '@aws-sdk/credential-provider-node': join(
        import.meta.dirname,
        'stubs/environment-credentials.mjs',
      ),
    },
    plugins: [withoutUnusedModules, lessInPlace, builtInsByRequire, fewFiles(entry, together)],
  });
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [resolve(path), output]),
  );
  const bytes = (files: Iterable<string>): number =>
    [...files].reduce((sum, each) => sum + statSync(each).size, 0);
  const code = [...outputs.keys()].filter((path) => path.endsWith('.mjs'));
  const atStart = loadedWith(file, outputs);
  const ahead = code.filter((path) =>
    together.some((each) => outputs.get(path)?.entryPoint === `later:${each}`),
  );
  const withAhead = ahead.reduce((seen, each) => loadedWith(each, outputs, seen), new Set(atStart));
  return {
    ...{ name, file, ahead, files: [...atStart], allBytes: bytes(code) },
    bytes: bytes(atStart),
    aheadBytes: bytes(withAhead) - bytes(atStart),
  };
}

type Outputs = ReadonlyMap<string, Metafile['outputs'][string]>;

/** The file and everything that it imports before its first line runs. */
function loadedWith(file: string, outputs: Outputs, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path, kind, external } of outputs.get(file)?.imports ?? [])
    if (kind === 'import-statement' && !external) loadedWith(resolve(path), outputs, seen);
  return seen;
}

/** Builds each handler found under `root`; the out folder holds nothing else afterwards. */
export async function buildFunctions(places: BuildPlaces): Promise<readonly BuiltFunction[]> {
  rmSync(places.outFolder, { recursive: true, force: true });
  const names = findHandlers(places.root);
  for (const name of names.filter(readsPolicy)) {
    if (!existsSync(places.policyFile)) {
      throw new Error(
        `${places.policyFile}: missing, but ${name} loads it. Write it or set HALLPASS_POLICY to another file.`,
      );
    }
    mkdirSync(join(places.outFolder, name), { recursive: true });
    cpSync(places.policyFile, join(places.outFolder, name, 'access.yaml'));
  }
  return Promise.all(names.map((name) => buildOne(name, places)));
}
