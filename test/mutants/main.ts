/**
 * Tries planted defects one by one: a private copy of the sources, one change of text, the narrow tests. A defect that no test
 * notices is printed, and the command exits 1. Takes some minutes; not part of npm test.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, VERIFIER_MUTANTS } from './verifier-mutants.ts';

const ROOT = join(import.meta.dirname, '../..');
const COPIED = [
  'shared',
  'local',
  'lambdas',
  'infra',
  'test',
  'bench',
  'package.json',
  'tsconfig.json',
  'access.yaml',
  'docs',
];
const domain = (...names: string[]) => names.map((name) => `domain/audit/${name}`);
/** Those that are soon done first: most defects are noticed there. */
const STEPS = [
  domain(
    ...['row-line', 'quick-fold-usual', 'multiset', 'head-line', 'merkle', 'tagged-hash'],
    ...['verify', 'verify-sources', 'verify-rows', 'verify-closely', 'verify-heads'],
    ...['verify-policies', 'verify-checkpoints', 'verify-records', 'verify-whole', 'verify-once'],
    ...['verify-beside', 'look-again', 'claims', 'holding-fold', 'switch-fold', 'audit-source'],
  ),
  domain('quick-fold', 'tamper-switches', 'tamper-records', 'proof', 'chain'),
  [...domain('tamper'), 'local/audit/lines', 'local/audit/beside-thread'],
];

const copy = mkdtempSync(join(tmpdir(), 'hallpass-mutants-'));
try {
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  process.exitCode = tryAll(chosen(process.argv[2] ?? ''));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** By a word of their names, or a part of all: `1/3`. */
function chosen(word: string): readonly Mutant[] {
  const [, part, parts] = /^([1-9])\/([1-9])$/.exec(word) ?? [];
  return VERIFIER_MUTANTS.filter(({ what }, i) =>
    parts ? i % Number(parts) === Number(part) - 1 : what.includes(word),
  );
}

function tryAll(mutants: readonly Mutant[]): number {
  const red = STEPS.find((names) => !passes(names));
  if (red) throw new Error(`Tests fail without any defect, among ${red.join(', ')}`);
  const survivors = mutants.filter((mutant) => {
    const killed = isKilled(mutant);
    process.stdout.write(`${killed ? 'killed  ' : 'SURVIVED'}  ${mutant.what}\n`);
    return !killed;
  });
  process.stdout.write(`${mutants.length - survivors.length} of ${mutants.length} killed\n`);
  return survivors.length === 0 ? 0 : 1;
}

function isKilled({ file, from, to, what }: Mutant): boolean {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`"${what}": its text is not once in ${file}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    return !isGreen();
  } finally {
    writeFileSync(path, text);
  }
}

function isGreen(): boolean {
  return STEPS.every(passes);
}

function passes(names: readonly string[]): boolean {
  const paths = names.map((name) => `test/${name}.test.ts`);
  const jest = join(copy, 'node_modules/jest/bin/jest.js');
  // The long ones too, which `npm test` leaves out.
  const all = '--testPathIgnorePatterns=/node_modules/';
  const args = [jest, '--config', 'test/jest.config.mjs', all, '--bail', '--runInBand', ...paths];
  return spawnSync(process.execPath, args, { cwd: copy, stdio: 'ignore' }).status === 0;
}
