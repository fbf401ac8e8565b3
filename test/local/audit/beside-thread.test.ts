/** A copy whose leaves and records are read by a thread of their own is judged as by one thread, and a thread that dies is an error. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { writeAuditLog, writeRecords } from '../../../bench/audit-log.ts';
import { besideInAThread } from '../../../local/audit/beside-thread.ts';
import { copyInto } from '../../../local/audit/copy.ts';
import { folderSource } from '../../../local/audit/folder-source.ts';
import { type VerifyOptions, verifyAudit } from '../../../shared/domain/audit/verify.ts';
import { readBeside } from '../../../shared/domain/audit/verify-beside.ts';
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
type Elsewhere = NonNullable<VerifyOptions['beside']>;
const thread =
  (folder: string): Elsewhere =>
  (job, onProgress) =>
    besideInAThread({ folder, pem }, job, onProgress);
const beside =
  (folder: string): Elsewhere =>
  (job, onProgress) =>
    readBeside({ source: folderSource(folder), signatures: keys.signatures }, job, onProgress);

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

/** With records that say what their events lead to. */
async function copyOfRequests(name: string): Promise<string> {
  const folder = join(scratch, name);
  await writeRecords(folder, await writeAuditLog(folder, 50, keys));
  return folder;
}
const heads = (folder: string, change: (text: string) => string) => {
  const file = join(folder, 'heads.jsonl');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

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
  expect(await judged(folder, { beside: beside(folder) })).toEqual(here);
});

const RECORDS: readonly (readonly [string, string, (folder: string) => void])[] = [
  ['records that fit', 'ok', () => {}],
  [
    'a record that says another state',
    'tampered',
    (folder) => heads(folder, (text) => text.replace('"status":"ended"', '"status":"denied"')),
  ],
  [
    'a record that says another place',
    'tampered',
    (folder) => heads(folder, (text) => text.replace(/"seq":(\d+)/, '"seq":1$1')),
  ],
  [
    'a record that is gone',
    'tampered',
    (folder) => heads(folder, (text) => text.slice(text.indexOf('\n') + 1)),
  ],
  ['no records at all', 'ok', (folder) => rmSync(join(folder, 'heads.jsonl'))],
];

test.each(RECORDS)(
  '%s: %s, and the same report with records read beside the rows',
  async (name, status, change) => {
    const folder = await copyOfRequests(name);
    change(folder);
    const here = await judged(folder);
    expect([here.status, here.counts.records > 0]).toEqual([status, !name.startsWith('no ')]);
    expect(await judged(folder, { beside: beside(folder) })).toEqual(here);
    const chain = 'request#AR-000001';
    const one = await judged(folder, { chain });
    expect(await judged(folder, { chain, beside: beside(folder) })).toEqual(one);
  },
);

test('half a record is a copy that cannot be read, and not an error of the thread', async () => {
  const folder = await copyOfRequests('half');
  heads(folder, (text) => text.slice(0, -40));
  await expect(judged(folder)).rejects.toBeInstanceOf(z.ZodError);
  await expect(judged(folder, { beside: thread(folder) })).rejects.toBeInstanceOf(z.ZodError);
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
  const report = await judged(folder, { source: counted, beside: beside(folder) });
  expect([report.status, read]).toEqual(['ok', 1]);
});

test('the thread says the same, of a copy that holds and of one that does not', async () => {
  const folder = await copyAs('by thread');
  const seen: number[] = [];
  const onProgress: Elsewhere = (job, on) =>
    besideInAThread({ folder, pem }, job, (leaves) => {
      seen.push(leaves);
      on(leaves);
    });
  const here = await judged(folder);
  expect(here.status).toBe('ok');
  expect(await judged(folder, { beside: onProgress })).toEqual(here);
  expect(seen.at(-1)).toBe(here.counts.leaves);
  changeAny(join(folder, 'leaves'), anotherHash);
  rows(folder, (lines) => lines.slice(1));
  const tampered = await judged(folder);
  expect(tampered.status).toBe('tampered');
  expect(await judged(folder, { beside: thread(folder) })).toEqual(tampered);
});

test('a thread that cannot begin is an error, not a copy without leaves', async () => {
  const folder = await copyAs('no key');
  const job = { key: 'k', since: null, chain: null };
  await expect(besideInAThread({ folder, pem: 'no key' }, job, () => {})).rejects.toThrow();
});
