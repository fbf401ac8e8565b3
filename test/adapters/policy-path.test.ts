/** What a path may lead to beside a file: none of it hangs, fills the memory or passes for a policy. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_POLICY_BYTES } from '../../shared/adapters/policy-file.ts';
import { MOST_READ_BYTES, policyAt, readFileAt } from '../../shared/adapters/policy-path.ts';
import { Fault } from '../../shared/ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-path-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read whole, up to what is wanted', async () => {
  writeFileSync(at('small'), 'version: 1');
  expect(await readFileAt(at('small'), 1000)).toEqual({
    ok: true,
    value: new TextEncoder().encode('version: 1'),
  });
  expect(await readFileAt(at('small'), 7)).toEqual({
    ok: true,
    value: new TextEncoder().encode('version'),
  });
});

test('of a file that is too large no more is read than shows that it is', async () => {
  writeFileSync(at('large'), Buffer.alloc(MAX_POLICY_BYTES + 4096, 'x'));
  const { bytes } = await policyAt(at('large')).load();
  expect([bytes.length, MOST_READ_BYTES]).toEqual([MAX_POLICY_BYTES + 1, MAX_POLICY_BYTES + 1]);
});

describe('what is no file', () => {
  beforeAll(() => {
    mkdirSync(at('folder'));
    symlinkSync(at('circle'), at('circle'));
    writeFileSync(at('secret'), '');
    chmodSync(at('secret'), 0);
    execFileSync('mkfifo', [at('pipe')]);
  });
  const isRoot = process.getuid?.() === 0;

  const found: [name: string, why: string][] = [
    ['nowhere', 'absent'],
    ['small/under', 'absent'],
    ['folder', 'folder'],
    ['pipe', 'no-file'],
    ['circle', 'broken'],
    ...(isRoot ? [] : [['secret', 'forbidden'] satisfies [string, string]]),
  ];
  test.each(found)('%s is said to be %s, at once', async (name, why) => {
    expect(await readFileAt(at(name), 10)).toEqual({ ok: false, error: why });
  });

  test('a device is none either', async () => {
    expect(await readFileAt('/dev/zero', 10)).toEqual({ ok: false, error: 'no-file' });
  });

  test('the bot takes a pipe for a policy that is not there, and keeps the last good one', async () => {
    await expect(policyAt(at('pipe')).load()).rejects.toThrow(Fault);
  });
});
