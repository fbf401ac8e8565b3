/** `npm run audit -- verify | prove | check-proof` on a copy in a folder, beside a second verifier and openssl. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../../../local/audit/audit.ts';
import { copyInto } from '../../../local/audit/copy.ts';
import { folderSource } from '../../../local/audit/folder-source.ts';
import {
  checkpointHash,
  checkpointMessage,
  SignedCheckpoint,
} from '../../../shared/domain/audit/checkpoint.ts';
import {
  type AuditLog,
  auditLog,
  copyOf,
  everyStory,
  openKeys,
  rowAt,
  sourceOf,
  storyOf,
} from '../../support/audit-fixture.ts';
import { HELD, HOLDING, REQUESTS, recordedLog, setValue } from '../../support/recorded-log.ts';
import { secondVerifier } from '../../support/second-verifier.ts';

const keys = openKeys();
const PEM = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
// The fixture's policy is no real one; the command reads real ones only.
const STORY = new Map(everyStory());
STORY.delete('policy#policy-1');
const clean = auditLog(keys, STORY);
clean.policies.clear();

let scratch: string;
let made = 0;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hallpass-audit-'));
  writeFileSync(join(scratch, 'pinned.pem'), PEM);
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function folderOf(log: AuditLog): Promise<string> {
  made += 1;
  const folder = join(scratch, `copy-${made}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'public-key.pem'), PEM);
  await copyInto(folder, sourceOf(log));
  return folder;
}

async function run(...args: string[]) {
  const [said, complained, shown]: string[][] = [[], [], []];
  const code = await audit(args, {
    env: { HALLPASS_DATA: join(scratch, 'nothing') },
    print: (line) => said?.push(line),
    complain: (line) => complained?.push(line),
    progress: (line) => shown?.push(line),
  });
  return { code, said: said?.join('\n') ?? '', complained: complained?.join('\n') ?? '', shown };
}
const pinned = () => join(scratch, 'pinned.pem');

test('a copy that nobody touched verifies with 0, by the command and by the second verifier', async () => {
  const log = copyOf(clean);
  // A record whose chain has no event yet.
  log.heads.set('holding#new', { chain: 'holding#new', seq: 0, hash: '0'.repeat(64) });
  const folder = await folderOf(log);
  const { code, said, complained, shown } = await run(
    'verify',
    '--offline',
    folder,
    '--pubkey',
    pinned(),
  );
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  expect(said).toMatch(/^The audit log holds\.\n/);
  expect(said).toMatch(/--expect-last 6:[0-9a-f]{64}$/);
  expect(shown?.at(-1)).toBe('');
  expect(secondVerifier(folder, PEM)).toEqual([]);
});

test('without a pinned key it says that the key is only the one beside the log', async () => {
  const { code, complained } = await run('verify', '--offline', await folderOf(clean));
  expect(code).toBe(0);
  expect(complained).toContain('Pin yours: --pubkey FILE');
});

test('what was changed is named, exits with 2, and the second verifier agrees', async () => {
  const changes: [string, (log: AuditLog) => void][] = [
    [
      'request#request-1/3',
      (log) =>
        log.rows.set(
          'request#request-1',
          (log.rows.get('request#request-1') ?? []).map((one) =>
            one.seq === 3
              ? {
                  ...one,
                  row: { ...rowAt(log, 'request#request-1', 3), event: { type: 'Evil\u001b[2J' } },
                }
              : one,
          ),
        ),
    ],
    [
      'request#request-2/2',
      (log) =>
        log.rows.set(
          'request#request-2',
          (log.rows.get('request#request-2') ?? []).filter(({ seq }) => seq !== 2),
        ),
    ],
    ['checkpoints/0000000003.json', (log) => log.checkpoints.delete('checkpoints/0000000003.json')],
  ];
  for (const [where, change] of changes) {
    const log = copyOf(clean);
    change(log);
    const folder = await folderOf(log);
    const { code, said } = await run('verify', '--offline', folder, '--pubkey', pinned(), '--json');
    expect({ code, first: JSON.parse(said).findings[0].where }).toEqual({ code: 2, first: where });
    expect(secondVerifier(folder, PEM)).not.toEqual([]);
    const words = await run('verify', '--offline', folder);
    expect(words.said).toMatch(/^THE AUDIT LOG WAS CHANGED\./);
    expect(words.said).not.toContain('\u001b');
  }
});

test('a record that says something else than its events exits with 2, and the second verifier agrees', async () => {
  const fresh = await folderOf(recordedLog(keys));
  const { code, said } = await run('verify', '--offline', fresh, '--pubkey', pinned());
  expect(code).toBe(0);
  expect(said).toContain(
    `The records of ${REQUESTS.length} requests say what their events lead to`,
  );
  expect(secondVerifier(fresh, PEM)).toEqual([]);
  const active = REQUESTS.find(({ state }) => state.status === 'active');
  const changes: [string, unknown][] = [
    [active?.chain ?? '', { ...active?.state, status: 'pending' }],
    [HOLDING, { ...HELD, grants: HELD.grants.slice(1) }],
    [HOLDING, { ...HELD, grants: [...HELD.grants, { ...HELD.grants[0], grantId: 'AR-EV1000' }] }],
  ];
  for (const [chain, value] of changes) {
    const log = recordedLog(keys);
    setValue(log, chain, value);
    const folder = await folderOf(log);
    const changed = await run('verify', '--offline', folder, '--pubkey', pinned());
    expect(changed.code).toBe(2);
    expect(changed.said).toContain(`record-altered  record of ${chain}`);
    expect(secondVerifier(folder, PEM)).not.toEqual([]);
  }
});

test('every kind of chain, the policy texts and the heads are in what the second verifier reads', async () => {
  const log = auditLog(keys);
  expect(secondVerifier(await folderOf(log), PEM)).toEqual([]);
  const changes: [string, (log: AuditLog) => void][] = [
    ...[...log.rows.keys()].map((chain): [string, (log: AuditLog) => void] => [
      chain,
      (changed) => changed.rows.set(chain, (changed.rows.get(chain) ?? []).slice(0, -1)),
    ]),
    ['heads', (changed) => changed.heads.delete('request#request-1')],
    ['policies', (changed) => changed.policies.clear()],
  ];
  for (const [what, change] of changes) {
    const changed = copyOf(log);
    change(changed);
    expect([what, secondVerifier(await folderOf(changed), PEM)]).not.toEqual([what, []]);
  }
});

test('another key, a witness who knows more, a wrong hash: 2; nothing there: 3; not readable: 4; not understood: 64', async () => {
  const folder = await folderOf(clean);
  const other = join(scratch, 'other.pem');
  writeFileSync(other, openKeys().publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(scratch, 'junk.pem'), 'junk');
  const verify = async (...more: string[]) =>
    (await run('verify', '--offline', folder, ...more)).code;
  expect(await verify('--pubkey', other)).toBe(2);
  expect(await verify('--expect-last', '7')).toBe(2);
  expect(await verify('--expect-last', `6:${'e'.repeat(64)}`)).toBe(2);
  expect(await verify('--expect-last', '6')).toBe(0);
  expect(await verify('--since', '2026-03-02T09:12:00Z')).toBe(0);
  expect(await verify('--pubkey', join(scratch, 'none.pem'))).toBe(4);
  expect(await verify('--pubkey', join(scratch, 'junk.pem'))).toBe(4);
  for (const bad of [
    ['--expect-last', '0'],
    ['--since', 'yesterday'],
    ['--request', 'x'],
    ['--more'],
    ['word'],
  ])
    expect(await verify(...bad)).toBe(64);
  mkdirSync(join(scratch, 'empty'));
  for (const [name, code] of [['empty', 3] as const, ['none', 4] as const]) {
    const at = ['--offline', join(scratch, name), '--pubkey', pinned()];
    expect((await run('verify', ...at)).code).toBe(code);
  }
  expect((await run('verify')).code).toBe(4);
  expect((await run('dance')).code).toBe(64);
  writeFileSync(join(folder, 'heads.jsonl'), 'junk\n');
  expect(await verify('--pubkey', pinned())).toBe(4);
});

test('one request alone can be verified', async () => {
  const [, story] = [...everyStory()].find(([chain]) => chain === 'request#request-1') ?? [];
  const log = auditLog(
    keys,
    new Map([
      ['request#AR-7K2M9Q', story ?? []],
      ['request#AR-000001', story ?? []],
    ]),
  );
  log.policies.clear();
  log.rows.set('request#AR-000001', []);
  const folder = await folderOf(log);
  expect((await run('verify', '--offline', folder, '--request', 'AR-7K2M9Q')).code).toBe(0);
  const { code, said } = await run('verify', '--offline', folder, '--request', 'AR-000001');
  expect(code).toBe(2);
  expect(said).toContain('request#AR-000001/1');
  const nobodys = await run('verify', '--offline', folder, '--request', 'AR-ZZZZZZ');
  expect(nobodys.code).toBe(3);
  expect(nobodys.said).toContain('no-such-chain  request#AR-ZZZZZZ');
});

test('an event is proved by a file and the public key alone; a file that was changed is not', async () => {
  const folder = await folderOf(clean);
  const file = join(scratch, 'proof.json');
  const { code, said } = await run('prove', 'request#request-1/2', '--offline', folder);
  expect(code).toBe(0);
  writeFileSync(file, said);
  expect(await run('check-proof', file, '--pubkey', pinned())).toMatchObject({
    code: 0,
    said: expect.stringContaining('holds'),
  });
  writeFileSync(file, said.replace('some text', 'some other text'));
  expect(await run('check-proof', file, '--pubkey', pinned())).toMatchObject({
    code: 2,
    complained: expect.stringContaining('was changed'),
  });
  writeFileSync(file, 'junk');
  expect((await run('check-proof', file, '--pubkey', pinned())).code).toBe(4);
  expect((await run('check-proof', file)).code).toBe(64);
  expect((await run('prove', 'request#request-1/99', '--offline', folder)).code).toBe(3);
  expect((await run('prove', 'nothing', '--offline', folder)).code).toBe(64);
});

test('openssl alone checks a signature, where there is one', async () => {
  const sealed = SignedCheckpoint.parse(JSON.parse([...clean.checkpoints.values()][0] ?? ''));
  const [message, signature] = [join(scratch, 'message'), join(scratch, 'signature')];
  writeFileSync(message, checkpointMessage(sealed.checkpoint));
  writeFileSync(signature, Buffer.from(sealed.signature, 'base64'));
  const done = spawnSync(
    'openssl',
    ['dgst', '-sha256', '-verify', pinned(), '-signature', signature, message],
    { encoding: 'utf8' },
  );
  expect(done.error ? 'Verified OK\n' : done.stdout).toBe('Verified OK\n');
});

test('the hashes of a log that is written down here are fixed for all time', async () => {
  const log = auditLog(
    keys,
    storyOf([
      [
        'request#AR-7K2M9Q',
        [{ type: 'A' }, { type: 'B', n: 1.5 }, { type: 'C', list: ['\u20ac', null] }],
      ],
    ]),
    25,
  );
  const hashes = [...log.checkpoints.values()].map((text) =>
    checkpointHash(SignedCheckpoint.parse(JSON.parse(text)).checkpoint),
  );
  expect(rowAt(log, 'request#AR-7K2M9Q', 3).hash).toBe(
    'cceb6d906210b14e32bef3ec63db50ac0223f87759b499e1dc467799de8d8830',
  );
  expect(hashes.at(-1)).toBe('c996bd45f7317cc47267bfab8c2e9cc23780d74b16ee89a361d74ad28dfeda02');
  const folder = await folderOf(log);
  expect(secondVerifier(folder, PEM)).toEqual([]);
  expect(readFileSync(join(folder, 'rows.jsonl'), 'utf8').split('\n')).toHaveLength(4);
  expect(folderSource(folder).heads).not.toBeNull();
});
