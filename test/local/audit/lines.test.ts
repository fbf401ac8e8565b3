/** Rows of a copy as lines: read as they were written whatever is in them, and no byte of any of them can be changed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { copyInto } from '../../../local/audit/copy.ts';
import { folderSource } from '../../../local/audit/folder-source.ts';
import { linesOf } from '../../../local/audit/lines.ts';
import { verifyAudit } from '../../../shared/domain/audit/verify.ts';
import { auditLog, contentOf, openKeys, sourceOf, storyOf } from '../../support/audit-fixture.ts';
import { REQUESTS, recordedLog } from '../../support/recorded-log.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hallpass-lines-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

function read(text: string | Buffer): string[] {
  const file = join(scratch, 'lines');
  writeFileSync(file, text);
  const all: string[] = [];
  for (const { lines } of linesOf(file)) all.push(...lines);
  return all;
}

test('a line ends at a line feed and nowhere else, and the last one need not', () => {
  expect(read('')).toEqual([]);
  expect(read('a\u2028b\r\u0085\n\nc')).toEqual(['a\u2028b\r\u0085', '', 'c']);
  expect(read('a\n')).toEqual(['a']);
});

test('lines and letters that lie across two reads are put together', () => {
  const lines = Array.from({ length: 9 }, (_, i) => `${'é\u{1F600}x'.repeat(17_001)}${i}`);
  expect(read(lines.join('\n'))).toEqual(lines);
});

test('a line beyond any row is cut, and what follows it is read', () => {
  for (const length of [4 * 1024 * 1024 - 1, 4 * 1024 * 1024, 6_000_000]) {
    const [first = '', ...rest] = read(`${'x'.repeat(length)}\nnext\nand ${'y'.repeat(9)}\n`);
    expect(first.length).toBeLessThan(5_000_000);
    expect(rest).toEqual(['next', 'and yyyyyyyyy']);
  }
  expect(read(`a\n${'x'.repeat(9_000_000)}`)).toHaveLength(2);
});

test('lines whose letters are single bytes come with these bytes, each where it starts', () => {
  const file = join(scratch, 'lines');
  const told = Array.from({ length: 20_000 }, (_, i) => (i === 15_000 ? 'é' : `line ${i}`));
  writeFileSync(file, told.join('\n'));
  const pages = [...linesOf(file)];
  expect(pages.flatMap(({ lines }) => lines)).toEqual(told);
  expect(pages.filter(({ bytes }) => bytes === null)).toHaveLength(1);
  for (const { lines, bytes } of pages)
    if (bytes) expect(bytes.toString('latin1')).toBe(lines.join('\n'));
});

test('a bit of any line that is changed, wherever, is found', async () => {
  const keys = openKeys();
  const events = [{ type: 'AccessRequested' }, { type: 'RequestApproved' }];
  const log = auditLog(keys, storyOf([['request#AR-7K2M9Q', events]]), 10);
  const folder = join(scratch, 'copy');
  mkdirSync(folder);
  await copyInto(folder, sourceOf(log));
  const rows = join(folder, 'rows.jsonl');
  const bytes = readFileSync(rows);
  const verify = () =>
    verifyAudit({ source: folderSource(folder), signatures: keys.signatures, key: 'k', contentOf });
  expect((await verify()).status).toBe('ok');
  const missed: number[] = [];
  for (let at = 0; at < bytes.length - 1; at += 3) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(rows, changed);
    if ((await verify()).status === 'ok') missed.push(at);
  }
  expect(missed).toEqual([]);
});

test('a bit of the line of any record that is changed is found, or the copy cannot be read', async () => {
  const keys = openKeys();
  const log = recordedLog(keys);
  const folder = join(scratch, 'recorded');
  mkdirSync(folder);
  await copyInto(folder, sourceOf(log));
  const heads = join(folder, 'heads.jsonl');
  const bytes = readFileSync(heads);
  const verify = () =>
    verifyAudit({ source: folderSource(folder), signatures: keys.signatures, key: 'k', contentOf });
  expect(await verify()).toMatchObject({ status: 'ok', counts: { records: REQUESTS.length } });
  const missed: number[] = [];
  // Up to the holding's own, whose other parts nothing is compared with.
  for (let at = 0; at < bytes.indexOf('{"chain":"holding#'); at += 101) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(heads, changed);
    const status = await verify().then(
      (report) => report.status,
      (error: unknown) => error instanceof z.ZodError,
    );
    if (status === 'ok' || status === false) missed.push(at);
  }
  expect(missed).toEqual([]);
});
