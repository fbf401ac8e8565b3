/**
 * MiniStack, an AWS emulator that nobody here wrote, in a Python environment of its own below node_modules/.cache. Pinned: another
 * version is another cloud. Answers the reason where it cannot be had.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MINISTACK = 'ministack==1.5.33';
/** KMS keys that sign need it; MiniStack itself does not ask for it. */
const CRYPTOGRAPHY = 'cryptography';
const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const MODERN = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

/** Folder that holds `bin/ministack`. */
export function installed(root: string): { folder: string } | { missing: string } {
  if (spawnSync('openssl', ['version']).status !== 0)
    return { missing: 'there is no openssl to make a certificate for this machine' };
  const cache = join(root, 'node_modules/.cache/hallpass');
  const folder = join(cache, MINISTACK);
  if (existsSync(join(folder, 'complete'))) return { folder };
  const given = process.env['PYTHON'];
  const python = (given === undefined ? PYTHONS : [given]).find(
    (name) => spawnSync(name, ['-c', MODERN]).status === 0,
  );
  if (python === undefined)
    return { missing: 'there is no Python 3.10 or newer with venv and pip' };
  mkdirSync(cache, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  return makeEnvironment(python, folder);
}

/** Complete or not there: a folder is marked by its last step, since an environment cannot be moved. */
function makeEnvironment(python: string, folder: string) {
  const steps = [
    [python, '-m', 'venv', folder],
    [join(folder, 'bin/pip'), 'install', '--quiet', MINISTACK, CRYPTOGRAPHY],
  ] as const;
  for (const [program, ...args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    return { missing: `${MINISTACK} could not be installed: ${stderr.trim()}` };
  }
  const mark = mkdtempSync(join(folder, 'mark-'));
  renameSync(mark, join(folder, 'complete'));
  return { folder };
}
