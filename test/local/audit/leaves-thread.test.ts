/** A copy whose leaves are read by a thread of their own is judged as by one thread, and a thread that dies is an error. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyInto } from '../../../local/audit/copy.ts';
import { folderSource } from '../../../local/audit/folder-source.ts';
import { leavesInAThread } from '../../../local/audit/leaves-thread.ts';
import { type VerifyOptions, verifyAudit } from '../../../shared/domain/audit/verify.ts';
import { readLeaves } from '../../../shared/domain/audit/verify-leaves.ts';
import { auditLog, contentOf, openKeys, sourceOf } from '../../support/audit-fixture.ts';

const keys = openKeys();
const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hallpass-leaves-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function copyAs(name: string): Promise<string> {
  const folder = join(scratch, name);
  mkdirSync(folder);
  await copyInto(folder, sourceOf(auditLog(keys)));
  return folder;
}
const judged = (folder: string, part: Partial<VerifyOptions> = {}) =>
  verifyAudit({
    ...{ source: folderSource(folder), signatures: keys.signatures, key: 'k'.repeat(64) },
    ...{ contentOf, ...part },
  });
type Elsewhere = NonNullable<VerifyOptions['leavesElsewhere']>;
const thread =
  (folder: string): Elsewhere =>
  (job, onProgress) =>
    leavesInAThread({ folder, pem }, job, onProgress);
const beside =
  (folder: string): Elsewhere =>
  (job, onProgress) =>
    readLeaves({ source: folderSource(folder), signatures: keys.signatures }, job, onProgress);

function changeAny(path: string, change: (text: string) => string): void {
  const name = readdirSync(path).sort().at(-1) ?? '';
  writeFileSync(join(path, name), change(readFileSync(join(path, name), 'utf8')));
}
const rows = (folder: string, change: (lines: string[]) => string[]) => {
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, `${change(readFileSync(file, 'utf8').trimEnd().split('\n')).join('\n')}\n`);
};
const anotherHash = (text: string) =>
  text.replace(/"hash":"(.)/, (_, first) => `"hash":"${first === '0' ? '1' : '0'}`);

const CASES: readonly (readonly [string, (folder: string) => void])[] = [
  ['nothing', () => {}],
  ['a leaf that was changed', (folder) => changeAny(join(folder, 'leaves'), anotherHash)],
  ['leaves that are gone', (folder) => rmSync(join(folder, 'leaves'), { recursive: true })],
  ['leaves that are none', (folder) => changeAny(join(folder, 'leaves'), () => 'x\n')],
  [
    'a checkpoint that somebody else signed',
    (folder) =>
      changeAny(join(folder, 'checkpoints'), (text) => text.replace(/"size":/, '"size":1')),
  ],
  ['a row that was deleted', (folder) => rows(folder, (lines) => lines.slice(1))],
  ['a row that was changed', (folder) => rows(folder, ([a = '', ...b]) => [anotherHash(a), ...b])],
];

test.each(CASES)('%s: the same report, with leaves read beside the rows', async (name, change) => {
  const folder = await copyAs(name);
  change(folder);
  const here = await judged(folder);
  expect(here.status === 'ok').toBe(name === 'nothing');
  expect(await judged(folder, { leavesElsewhere: beside(folder) })).toEqual(here);
});

test('a copy that holds is read once: no sum is left that calls for a second look', async () => {
  const folder = await copyAs('read once');
  const source = folderSource(folder);
  let read = 0;
  const counted = {
    ...source,
    rows() {
      read += 1;
      return source.rows();
    },
  };
  const report = await judged(folder, { source: counted, leavesElsewhere: beside(folder) });
  expect([report.status, read]).toEqual(['ok', 1]);
});

test('the thread says the same, of a copy that holds and of one that does not', async () => {
  const folder = await copyAs('by thread');
  const seen: number[] = [];
  const onProgress: Elsewhere = (job, on) =>
    leavesInAThread({ folder, pem }, job, (leaves) => {
      seen.push(leaves);
      on(leaves);
    });
  const here = await judged(folder);
  expect(here.status).toBe('ok');
  expect(await judged(folder, { leavesElsewhere: onProgress })).toEqual(here);
  expect(seen.at(-1)).toBe(here.counts.leaves);
  changeAny(join(folder, 'leaves'), anotherHash);
  rows(folder, (lines) => lines.slice(1));
  const tampered = await judged(folder);
  expect(tampered.status).toBe('tampered');
  expect(await judged(folder, { leavesElsewhere: thread(folder) })).toEqual(tampered);
});

test('a thread that cannot begin is an error, not a copy without leaves', async () => {
  const folder = await copyAs('no key');
  const job = { key: 'k', since: null, chain: null };
  await expect(leavesInAThread({ folder, pem: 'no key' }, job, () => {})).rejects.toThrow();
});
