/**
 * First step of `npm start`, `npm run demo` and `npm test`: a fresh clone installs itself.
 *
 * Compares what npm says it installed (node_modules/.package-lock.json, written last) with package-lock.json; runs `npm ci`
 * only when they differ. Plain Node without a dependency, since nothing may be there yet; a few milliseconds when all is well.
 * Two processes may start at once: one installs, the other waits. Never changes package-lock.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMAL_NODE = [20, 19];
const LONGEST_INSTALL_MS = 10 * 60_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFolder = join(root, '.hallpass-installing');

function fail(sentence) {
  console.error(`hallpass: ${sentence}`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [leastMajor, leastMinor] = MINIMAL_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  fail(
    `this is Node ${process.versions.node}, but Node ${MINIMAL_NODE.join('.')} or newer is needed. ` +
      'Install it from https://nodejs.org and run the command again.',
  );
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const fitsHere = ({ os, cpu }) =>
  (os === undefined || os.includes(process.platform)) &&
  (cpu === undefined || cpu.includes(process.arch));

/** What keeps the installed packages from being those of the lock, or undefined. */
function difference() {
  const wanted = packagesIn('package-lock.json');
  if (wanted === undefined)
    fail('package-lock.json is missing or damaged. Restore it: git checkout package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  if (installed === undefined) return 'nothing is installed yet';
  for (const [path, entry] of Object.entries(wanted)) {
    const here = installed[path];
    if (path === '' || (here === undefined && entry.optional)) continue;
    if (here?.version !== entry.version) return `${path} is not the version that the lock names`;
  }
  for (const [path, entry] of Object.entries(installed)) {
    if (wanted[path] === undefined) return `${path} is not in the lock`;
    if (!fitsHere(entry)) return `${path} was installed for another platform`;
  }
  return undefined;
}

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Runs a step of the lock protocol; false where another process was there first or already gone. */
function attempt(step) {
  try {
    step();
    return true;
  } catch (error) {
    if (['ENOENT', 'EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

/** A folder that holds one folder named by the owner's process id: renaming it into place is atomic. */
function acquire() {
  const mine = `${lockFolder}-${process.pid}`;
  mkdirSync(join(mine, String(process.pid)), { recursive: true });
  if (attempt(() => renameSync(mine, lockFolder))) return true;
  release(mine, process.pid);
  return false;
}

/** Only one process can remove the owner's entry, and the outer folder only goes while it is empty. */
function release(folder, owner) {
  if (attempt(() => rmdirSync(join(folder, String(owner))))) attempt(() => rmdirSync(folder));
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function releaseIfOwnerDied() {
  let owner;
  attempt(() => {
    [owner] = readdirSync(lockFolder);
  });
  if (owner === undefined) attempt(() => rmdirSync(lockFolder));
  else if (!lives(Number(owner))) release(lockFolder, owner);
}

function install(reason) {
  console.error(
    `hallpass: installing packages (${reason}); this happens once and takes a minute or so ...`,
  );
  const npmCli = process.env.npm_execpath ?? '';
  const [command, ...first] = /npm-cli\.[cm]?js$/.test(npmCli)
    ? [process.execPath, npmCli]
    : ['npm'];
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && first.length === 0,
  });
  const left = status === 0 ? difference() : undefined;
  if (status === 0 && left === undefined) return;
  fail(
    `npm ci failed (${error?.message ?? left ?? `exit code ${status}`}). Is the package registry reachable? ` +
      'Run npm ci in this folder to see more, then start again.',
  );
}

function installOnce() {
  const deadline = Date.now() + LONGEST_INSTALL_MS;
  for (let waits = 0; !acquire(); waits += 1) {
    if (waits === 0) console.error('hallpass: waiting for another process that is installing ...');
    if (Date.now() > deadline) fail(`still not installed after ten minutes. Remove ${lockFolder}`);
    releaseIfOwnerDied();
    sleep(200);
  }
  process.on('exit', () => release(lockFolder, process.pid));
  const reason = difference();
  if (reason !== undefined) install(reason);
}

checkNode();
if (difference() !== undefined) installOnce();
