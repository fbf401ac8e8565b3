/**
 * Node's own modules by `require`, in bundles that are ES modules. An `import` of one reads every one of its exports first,
 * lazy ones included: of node:crypto that loads all of Web Crypto, 4 ms of a cold start that nothing of ours uses. Here an
 * export is read when something names it. What is not a built-in module is left alone.
 */
import { builtinModules, createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);
const NAMES = new Set(builtinModules.filter((name) => !name.startsWith('_')));
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

const bare = (path: string): string => path.replace(/^node:/, '');

/** Each export for itself, so that esbuild drops those that nobody names. */
function exportsOf(name: string): string {
  const names = Object.keys(require(`node:${name}`)).filter((each) => IDENTIFIER.test(each));
  return [
    `const own = require('node:${name}');`,
    'export default own;',
    ...names.map(
      (each) =>
        `const own_${each} = /* @__PURE__ */ (() => own.${each})();\nexport { own_${each} as ${each} };`,
    ),
  ].join('\n');
}

export const builtInsByRequire: Plugin = {
  name: 'built-ins-by-require',
  setup(building) {
    building.onResolve({ filter: /^(?:node:)?[a-z_/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && NAMES.has(bare(path))
        ? { path: bare(path), namespace: 'built-in' }
        : null,
    );
    building.onLoad({ filter: /./, namespace: 'built-in' }, ({ path }) => ({
      contents: exportsOf(path),
    }));
  },
};
