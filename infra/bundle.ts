/**
 * Builds every lambdas/<name>/handler.ts into infra/dist/<name>/index.mjs with esbuild: ESM, minified, source maps, with
 * stubs for what Bolt and the SDK never use on Lambda (docs/decisions/0004). A function whose environment names a policy gets
 * the policy file beside its bundle. Equal sources give equal bytes. Fails, naming the folder, when a function of shared/config/env.ts has no handler.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { environments, type FunctionName } from '../shared/config/env.ts';

const UNUSED = join(import.meta.dirname, 'stubs/unused-module.cjs');

export type BuiltFunction = {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
};

export type BuildPlaces = {
  /** Folder that holds `lambdas/`. */
  readonly root: string;
  readonly outFolder: string;
  /** Policy file that the functions carry. */
  readonly policyFile: string;
};

const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(environments, name);

const readsPolicy = (name: string): boolean =>
  isFunctionName(name) && 'POLICY_PATH' in environments[name].shape;

/** Folders of lambdas/ that hold a handler.ts, in alphabetical order. */
export function findHandlers(root: string): string[] {
  const folder = join(root, 'lambdas');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'handler.ts')))
    .sort();
}

/** Throws when a function that the stack deploys has no handler, or a handler has no environment. */
export function checkHandlers(found: readonly string[]): void {
  const missing = Object.keys(environments).filter((name) => !found.includes(name));
  if (missing.length > 0) {
    const files = missing.map((name) => `lambdas/${name}/handler.ts`).join(', ');
    throw new Error(`${files}: missing, but the stack deploys it. Write the handler.`);
  }
  const unknown = found.filter((name) => !isFunctionName(name));
  if (unknown.length > 0) {
    const files = unknown.map((name) => `lambdas/${name}/handler.ts`).join(', ');
    throw new Error(`${files}: no environment in shared/config/env.ts. Add its schema there.`);
  }
}

/** Bolt loads its stock receivers although we bring our own. */
const withoutStockReceivers: Plugin = {
  name: 'without-stock-receivers',
  setup(building) {
    const receivers =
      /\/(?:HTTPReceiver|ExpressReceiver|HTTPModuleFunctions|HTTPResponseAck|BufferedIncomingMessage|SocketMode\w*)$/;
    building.onResolve({ filter: receivers }, ({ importer }) =>
      importer.includes('@slack/bolt') ? { path: UNUSED } : undefined,
    );
  },
};

async function buildOne(name: string, { root, outFolder }: BuildPlaces): Promise<BuiltFunction> {
  const file = join(outFolder, name, 'index.mjs');
  await build({
    entryPoints: [join(root, 'lambdas', name, 'handler.ts')],
    outfile: file,
    bundle: true,
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
      express: UNUSED,
      'raw-body': UNUSED,
      '@slack/oauth': UNUSED,
      '@slack/socket-mode': UNUSED,
      '@aws-sdk/credential-provider-node': join(
        import.meta.dirname,
        'stubs/environment-credentials.mjs',
      ),
    },
    plugins: [withoutStockReceivers],
  });
  return { name, file, bytes: statSync(file).size };
}

/** Builds each handler found under `root`; the out folder holds nothing else afterwards. */
export async function buildFunctions(places: BuildPlaces): Promise<readonly BuiltFunction[]> {
  rmSync(places.outFolder, { recursive: true, force: true });
  const names = findHandlers(places.root);
  for (const name of names.filter(readsPolicy)) {
    if (!existsSync(places.policyFile)) {
      throw new Error(
        `${places.policyFile}: missing, but ${name} decides by it. Write it or set HALLPASS_POLICY to another file.`,
      );
    }
    mkdirSync(join(places.outFolder, name), { recursive: true });
    cpSync(places.policyFile, join(places.outFolder, name, 'access.yaml'));
  }
  return Promise.all(names.map((name) => buildOne(name, places)));
}
