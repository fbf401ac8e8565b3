/**
 * Modules of the SDK that the Lambda bundles replace by less, because Lambda answers what they ask: there are no profiles in a
 * home folder, Node makes UUIDs itself, nothing streams events. What a replacement cannot do, it throws at. infra/left-out.ts
 * leaves out what nothing reaches at all.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

const SMITHY = '/node_modules/@smithy/core/dist-es/submodules';

/** Of operations on tables as such. Unregistered, such an error still carries its name, as an error of the client's base class. */
const ADMINISTRATION =
  /^n0_registry\.registerError\((?:\w*(?:Backup|Export|Import|Global|Replica|PointInTime|Policy|Table|RestoreTime)\w*)\$.*$/gm;

/** New text by the end of a module's path. */
const REPLACED: readonly {
  readonly path: string;
  readonly text: (source: string) => string;
}[] = [
  {
    // Web Crypto, which the original looks for first, takes 4 ms to load.
    path: `${SMITHY}/serde/uuid/v4.js`,
    text: () =>
      "import { randomUUID } from 'node:crypto'; export const bindV4 = () => () => randomUUID();",
  },
  {
    // The environment is asked before these files; the original looks for both at every start.
    path: `${SMITHY}/config/shared-ini-file-loader/loadSharedConfigFiles.js`,
    text: () => `export { CONFIG_PREFIX_SEPARATOR } from './constants';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // Every signer makes one; only signed event streams use it.
    path: '/node_modules/@smithy/signature-v4/dist-es/HeaderFormatter.js',
    text: () =>
      "export class HeaderFormatter { format() { throw new Error('HeaderFormatter: this module is left out of the Lambda bundle (infra/put-in-place.ts)'); } }",
  },
  {
    path: '/node_modules/@aws-sdk/client-dynamodb/dist-es/schemas/schemas_0.js',
    text: (source) => source.replace(ADMINISTRATION, ''),
  },
];

const escaped = (path: string): string => path.replace(/[.]/g, '\\.');

export const lessInPlace: Plugin = {
  name: 'less-in-place',
  setup(building) {
    for (const { path: end, text } of REPLACED)
      building.onLoad({ filter: new RegExp(`${escaped(end)}$`) }, ({ path }) => ({
        contents: text(readFileSync(path, 'utf8')),
        resolveDir: dirname(path),
      }));
  },
};
