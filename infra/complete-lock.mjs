/**
 * Completes package-lock.json after `npm install` (part of `npm run lock`).
 *
 * `npm ci` refuses a lock that lacks optional platform packages (@esbuild/darwin-arm64 and the like), and `npm install`
 * leaves out those that the registry in use does not serve. Each missing one gets a skeleton entry: the version its
 * parent asks for and the platform its name spells. npm skips it wherever os, cpu or libc differ, without fetching.
 * A skeleton has no integrity hash: that platform trusts the registry until the lock is made where the package is served.
 * Also drops `resolved`, so that the lock never names a mirror. Never adds, removes or moves a real entry.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OPERATING_SYSTEMS = new Set(
  'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' '),
);
const PROCESSORS = new Set(
  'arm arm64 ia32 loong64 mips64el ppc64 ppc64le riscv64 s390x wasm32 x64'.split(' '),
);
const C_LIBRARIES = {
  gnu: 'glibc',
  glibc: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** `@swc/core-linux-arm64-musl` -> { os: ['linux'], cpu: ['arm64'], libc: ['musl'] } */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => OPERATING_SYSTEMS.has(word));
  const cpu = words.find((word) => PROCESSORS.has(word));
  const libc = os === 'linux' ? words.map((word) => C_LIBRARIES[word]).find(Boolean) : undefined;
  if (!os && !cpu) return undefined;
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(libc ? { libc: [libc] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}

/** The lock path that Node's resolution finds for `name` seen from `path`, or undefined. */
function resolvedPath(packages, path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = `${from ? `${from}/` : ''}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (from === '') return undefined;
  }
}

/** The place where a skeleton has to stand, or undefined when the lock already answers this dependency. */
function placeFor(packages, path, name, range) {
  const found = resolvedPath(packages, path, name);
  if (found === undefined) return `node_modules/${name}`;
  const answers = /^[~^]/.test(range) || packages[found].version === range;
  return answers ? undefined : `${path}/node_modules/${name}`;
}

function skeletonFor(parent, name, range) {
  const version = /^[~^]?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(range)?.[1];
  const platform = platformOf(name);
  if (!version || !platform) {
    throw new Error(
      `${name}@${range} is optional, missing from the lock, and its version or platform cannot be read from its name; ` +
        'add it to the registry in use or teach infra/complete-lock.mjs about it',
    );
  }
  return { version, ...platform, ...(parent.dev ? { dev: true } : {}), optional: true };
}

function complete(lock) {
  const { packages } = lock;
  const added = [];
  for (const [path, parent] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      const place = placeFor(packages, path, name, range);
      if (place === undefined) continue;
      packages[place] = skeletonFor(parent, name, range);
      added.push(place);
    }
    delete parent.resolved;
  }
  lock.packages = Object.fromEntries(
    Object.entries(packages).sort(([left], [right]) => left.localeCompare(right, 'en')),
  );
  return added;
}

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = complete(lock);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${file}: ${added.length} optional platform packages added`);
