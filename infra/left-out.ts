/**
 * What the Lambda bundles leave out of packages, since nothing of ours reaches it: size is cold start. Nothing is left out
 * silently: a CommonJS module becomes stubs/unused-module.cjs, every export of an ESM one a function that throws its own name.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const UNUSED = join(import.meta.dirname, 'stubs/unused-module.cjs');

/** Bolt's own receivers and what they bring (ours is lambdas/slack/receiver.ts); Web API parts that nothing calls. */
const COMMON_JS = new RegExp(
  `/node_modules/(?:${[
    '@slack/bolt/dist/receivers/(?:AwsLambda|Express|HTTP|SocketMode)\\w*',
    '@slack/bolt/dist/receivers/(?:BufferedIncomingMessage|verify-request|custom-routes)',
    '@slack/bolt/dist/Assistant(?:ThreadContextStore)?',
    '@slack/web-api/dist/(?:file-upload|chat-stream)',
    '@slack/types/dist/.*',
  ].join('|')})\\.js$`,
);

/** S3's client makes ready for streams of events when it is made; the one operation that has them is called by nobody. */
const PASSES_ON = new Set(['resolveEventStreamSerdeConfig']);

/**
 * JSON Schemas are generated for the docs, never on Lambda; no operation of ours streams events; Node has SHA-256 and MD5 of its
 * own; the region is in Lambda's environment; no client of ours retries adaptively or runs in a browser.
 */
const ES_MODULES = new RegExp(
  `/node_modules/(?:${[
    'zod/v4/core/(?:to-json-schema|json-schema-processors)',
    '@smithy/core/dist-es/submodules/event-streams/index',
    '@smithy/core/dist-es/submodules/checksum/(?:sha256/Sha256Js|md5/Md5Js)',
    '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion',
    '@smithy/core/dist-es/submodules/retry/util-retry/DefaultRateLimiter',
    '@aws-sdk/core/dist-es/submodules/client/util-user-agent-browser/createUserAgentStringParsingProvider',
  ].join('|')})\\.js$`,
);

const EXPORTED =
  /^export (?:async )?(?:function|class|const|let) (\w+)|^export \{([^}]*)\}(?: from .*)?;/gm;

/** Names that a module exports by declaration or by list. */
export function exportedNames(source: string): string[] {
  return [...source.matchAll(EXPORTED)].flatMap(([, declared, list = '']) =>
    declared === undefined
      ? list
          .split(',')
          .map(
            (item) =>
              item
                .trim()
                .split(/\s+as\s+/)
                .at(-1) ?? '',
          )
          .filter((name) => name !== '')
      : [declared],
  );
}

/** An ES module with these exports, each a function that throws its own name. */
const throwers = (names: readonly string[]): string =>
  [
    "const left = (name) => function () { throw new Error(name + ': this module is left out of the Lambda bundle (infra/left-out.ts)'); };",
    ...names.map((name) =>
      PASSES_ON.has(name)
        ? `export const ${name} = (config) => config;`
        : `const unused_${name} = /* @__PURE__ */ left('${name}');\nexport { unused_${name} as ${name} };`,
    ),
  ].join('\n');

export const withoutUnusedModules: Plugin = {
  name: 'without-unused-modules',
  setup(building) {
    building.onLoad({ filter: COMMON_JS }, () => ({
      contents: readFileSync(UNUSED, 'utf8'),
      loader: 'js',
    }));
    building.onLoad({ filter: ES_MODULES }, ({ path }) => ({
      contents: throwers(exportedNames(readFileSync(path, 'utf8'))),
      loader: 'js',
    }));
    // Packages read their own name and version from here, and nothing else.
    building.onLoad({ filter: /\/node_modules\/.*\/package\.json$/ }, ({ path }) => {
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(
        readFileSync(path, 'utf8'),
      );
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};
