import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { missingIn, protocolTable, stepsOf, withProtocol } from './steps.ts';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/tour.md'), 'utf8');

test('the tour is read whole: from the clone to the end, each step with a name of its own', () => {
  const steps = stepsOf(page);
  expect(steps.map(({ kind }) => kind).slice(0, 3)).toEqual(['fresh', 'fresh', 'server']);
  expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  expect(steps.length).toBeGreaterThanOrEqual(9);
  expect(page.match(/^```(sh|text)/gm)).toHaveLength(
    steps.length + steps.filter(({ shows }) => shows.length > 0).length,
  );
});

test('every npm script and picture that the tour names is there', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  for (const [, name] of page.matchAll(/npm run (?:-s )?([a-z:]+)/g))
    expect(Object.keys(scripts)).toContain(name);
  for (const [, path = ''] of page.matchAll(/\]\(([^)#]+)\)/g))
    expect([path, existsSync(join(root, 'docs', path))]).toEqual([path, true]);
});

test.each([
  ['a\nb\nc', ['a', 'c'], null],
  ['a\nb\nc', ['c', 'a'], 'a'],
  ['until 2026-11-22 · verified', ['until … · verified'], null],
  ['until 2026-11-22', ['until … · verified'], 'until … · verified'],
  ['aXb', ['a.b'], 'a.b'],
  ['', ['x'], 'x'],
])('of %j the lines %j are there but for %j', (output, shows, missing) => {
  expect(missingIn(output, shows)).toBe(missing);
});

test('a protocol takes the place of the one before, and nothing else changes', () => {
  const table = protocolTable([{ name: 'Clone', seconds: 0.94, since: 61.26 }], 'today:');
  expect(table).toContain('| Clone | 0.9 s | 61.3 s |');
  const once = withProtocol(page, table);
  expect(once).toContain(table);
  expect(withProtocol(once, 'x\n')).toBe(withProtocol(page, 'x\n'));
});
