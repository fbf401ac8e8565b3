/** What is installed is what the lock names, on every platform and from any registry. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT, textOf } from './support/source.ts';

const versions = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: versions, devDependencies: versions })
  .parse(JSON.parse(textOf('package.json')));
const entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  optional: z.boolean().optional(),
  /** Part of its parent's package, and of that one's hash. */
  inBundle: z.boolean().optional(),
});
const { packages } = z
  .object({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(textOf('package-lock.json')));
const { '': root, ...installed } = packages;

test('package.json pins every version exactly, and the lock has the same', () => {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  const loose = Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
  const locked = Object.keys(wanted).map((name) => [
    name,
    packages[`node_modules/${name}`]?.version,
  ]);
  expect(Object.fromEntries(locked)).toEqual(wanted);
  expect(root).toMatchObject({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
  });
});

test('no address in the lock belongs to one machine or one mirror (run npm run lock)', () => {
  expect(Object.entries(installed).filter(([, { resolved }]) => resolved !== undefined)).toEqual(
    [],
  );
});

test('every package that is not optional carries the hash of its contents', () => {
  const without = Object.entries(installed).filter(
    ([, p]) => !p.integrity && !p.optional && !p.inBundle,
  );
  expect(without.map(([path]) => path)).toEqual([]);
});

describe('infra/complete-lock.mjs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function completed(lock: object) {
    const file = join(folder, 'package-lock.json');
    writeFileSync(file, JSON.stringify(lock));
    const said = execFileSync(process.execPath, [join(ROOT, 'infra/complete-lock.mjs'), file], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return { said, lock: JSON.parse(readFileSync(file, 'utf8')) };
  }

  test('has nothing to add to the lock of this project (else run npm run lock)', () => {
    expect(completed({ packages }).said).toContain(': 0 optional platform packages added');
  });

  test('adds what a parent names and the registry did not serve, with the platform that the name spells', () => {
    const tool = {
      version: '1.2.3',
      dev: true,
      resolved: 'http://mirror.example/tool.tgz',
      optionalDependencies: { '@tool/linux-arm64-musl': '1.2.3', 'tool-win32-x64-msvc': '^1.2.0' },
    };
    const { lock } = completed({ packages: { 'node_modules/tool': tool } });
    const { resolved: _dropped, ...kept } = tool;
    expect(lock.packages).toEqual({
      'node_modules/@tool/linux-arm64-musl': {
        version: '1.2.3',
        cpu: ['arm64'],
        libc: ['musl'],
        os: ['linux'],
        dev: true,
        optional: true,
      },
      'node_modules/tool': kept,
      'node_modules/tool-win32-x64-msvc': {
        version: '1.2.0',
        cpu: ['x64'],
        os: ['win32'],
        dev: true,
        optional: true,
      },
    });
  });

  test('leaves real entries alone and puts a second version below its parent', () => {
    const real = { version: '2.0.0', integrity: 'sha512-x', optional: true };
    const { lock } = completed({
      packages: {
        'node_modules/other': {
          version: '1.0.0',
          optionalDependencies: { 'bin-linux-x64': '2.0.0' },
        },
        'node_modules/tool': {
          version: '1.0.0',
          optionalDependencies: { 'bin-linux-x64': '1.0.0' },
        },
        'node_modules/bin-linux-x64': real,
      },
    });
    expect(lock.packages['node_modules/bin-linux-x64']).toEqual(real);
    expect(lock.packages['node_modules/tool/node_modules/bin-linux-x64'].version).toBe('1.0.0');
    expect(lock.packages['node_modules/other/node_modules/bin-linux-x64']).toBeUndefined();
  });

  test('stops with the name of a package whose platform it cannot tell', () => {
    const tool = { version: '1.0.0', optionalDependencies: { mystery: '1.0.0' } };
    expect(() => completed({ packages: { 'node_modules/tool': tool } })).toThrow(
      /mystery@1\.0\.0 is optional, missing from the lock/,
    );
  });
});
