/** The first step of a fresh clone, run as the real process in a temporary project with a stand-in for npm. */
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../local/ensure-installed.mjs');
const PACKAGES = {
  '': { name: 'project' },
  'node_modules/alpha': { version: '1.0.0' },
  'node_modules/alpha-other-platform': { version: '1.0.0', optional: true, os: ['nowhere'] },
};
const { 'node_modules/alpha-other-platform': _skipped, ...INSTALLED } = PACKAGES;

/** Notes each run, takes a while, and installs what the lock names, as npm ci does. */
const NPM_THAT_WORKS = `
const fs = require('node:fs');
fs.appendFileSync('npm-runs.txt', process.argv.slice(2).join(' ') + '\\n');
setTimeout(() => {
  fs.mkdirSync('node_modules', { recursive: true });
  fs.writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify({ packages: INSTALLED }))});
}, 400);
`;
const NPM_THAT_FAILS = `console.error('registry is down'); process.exit(7);`;

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'hallpass-install-'));
  mkdirSync(join(project, 'local'));
  copyFileSync(SCRIPT, join(project, 'local/ensure-installed.mjs'));
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages: PACKAGES }));
  writeFileSync(join(project, 'npm-cli.js'), NPM_THAT_WORKS);
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function putInstalled(packages: object): void {
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  writeFileSync(join(project, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

function npmRuns(): string[] {
  const file = join(project, 'npm-runs.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function run(...nodeArgs: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [...nodeArgs, join(project, 'local/ensure-installed.mjs')],
      {
        env: { ...process.env, npm_execpath: join(project, 'npm-cli.js') },
      },
    );
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('close', (code) => resolve({ code, said }));
  });
}

test('does nothing and says nothing when the installed packages are those of the lock', async () => {
  putInstalled(INSTALLED);
  expect(await run()).toEqual({ code: 0, said: '' });
  expect(npmRuns()).toEqual([]);
});

test('installs from the lock, without install scripts, when nothing is there', async () => {
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toContain('installing packages (nothing is installed yet)');
  expect(npmRuns()).toEqual([expect.stringMatching(/^ci .*--ignore-scripts/)]);
  expect(existsSync(join(project, '.hallpass-installing'))).toBe(false);
});

test.each([
  ['an older version', { ...INSTALLED, 'node_modules/alpha': { version: '0.9.0' } }],
  ['a package that the lock lost', { ...INSTALLED, 'node_modules/beta': { version: '1.0.0' } }],
  ['a package missing', { '': {} }],
  [
    'packages of another platform',
    {
      ...INSTALLED,
      'node_modules/alpha-other-platform': PACKAGES['node_modules/alpha-other-platform'],
    },
  ],
])('installs again over %s', async (_what, packages) => {
  putInstalled(packages);
  expect((await run()).code).toBe(0);
  expect(npmRuns()).toHaveLength(1);
});

test('installs once when three processes start at once', async () => {
  const ends = await Promise.all([run(), run(), run()]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(npmRuns()).toHaveLength(1);
});

test('takes over from a process that died while it was installing', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(join(project, `.hallpass-installing/${pid}`), { recursive: true });
  const { code, said } = await run();
  expect({ code, runs: npmRuns().length }).toEqual({ code: 0, runs: 1 });
  expect(said).toContain('waiting for another process');
});

test('ends with an error and a sentence when npm ci fails', async () => {
  writeFileSync(join(project, 'npm-cli.js'), NPM_THAT_FAILS);
  const { code, said } = await run();
  expect(code).toBe(1);
  expect(said).toMatch(/npm ci failed \(exit code 7\)\. Is the package registry reachable\?/);
});

test('refuses an old Node with the version that is needed', async () => {
  putInstalled(INSTALLED);
  const old = `Object.defineProperty(process, 'versions', { value: { node: '20.18.1' } })`;
  const { code, said } = await run('--import', `data:text/javascript,${encodeURIComponent(old)}`);
  expect(code).toBe(1);
  expect(said).toContain('this is Node 20.18.1, but Node 20.19 or newer is needed');
});
