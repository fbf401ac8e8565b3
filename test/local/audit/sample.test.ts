/**
 * The copy in docs/audit-sample, made once by a Hallpass whose key was thrown away: what this version, the second verifier, plain
 * node:crypto and openssl say of it is fixed for all time. Whoever writes a verifier tries theirs on it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { audit } from '../../../local/audit/audit.ts';
import { secondVerifier } from '../../support/second-verifier.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const SAMPLE = join(__dirname, '../../../docs/audit-sample');
const KEY = join(SAMPLE, 'public-key.pem');
const PEM = readFileSync(KEY, 'utf8');
const page = readFileSync(join(__dirname, '../../../docs/audit-format.md'), 'utf8');
const WITNESS = '2:87b65f4502cc858bf559334ab60a58a92d810acaade499d92ba8939d1bb8dd02';

const Sealed = z.object({
  checkpoint: z.record(z.string(), z.union([z.string(), z.number()])),
  signature: z.string(),
});
/** `canon` of the page, for a flat object. */
const canon = (flat: Readonly<Record<string, string | number>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(flat).sort(([a], [b]) => (a < b ? -1 : 1))));
const messageOf = (n: number) => {
  const text = readFileSync(join(SAMPLE, `checkpoints/000000000${n}.json`), 'utf8');
  const { checkpoint, signature } = Sealed.parse(JSON.parse(text));
  return { message: Buffer.concat([Buffer.of(3), Buffer.from(canon(checkpoint))]), signature };
};

async function run(...args: string[]) {
  const said: string[] = [];
  const code = await audit(args, {
    ...{ env: {}, progress: null },
    print: (line) => said.push(line),
    complain: (line) => said.push(line),
  });
  return { code, said: said.join('\n') };
}
const verified = (folder: string) =>
  run('verify', '--offline', folder, '--pubkey', KEY, '--expect-last', WITNESS);

test('it holds, up to the witness that the page names, by both verifiers', async () => {
  expect(await verified(SAMPLE)).toMatchObject({ code: 0 });
  expect(secondVerifier(SAMPLE, PEM)).toEqual([]);
  expect(page).toContain(`\`${WITNESS}\``);
});

test('its last hash is what plain SHA-256 says of the bytes that the page describes', () => {
  const hash = createHash('sha256').update(messageOf(2).message).digest('hex');
  expect(`2:${hash}`).toBe(WITNESS);
});

test('openssl alone takes each signature, by the line in the page', () => {
  const folder = temporaryFolder();
  for (const n of [1, 2]) {
    const { message, signature } = messageOf(n);
    writeFileSync(join(folder, 'message'), message);
    writeFileSync(join(folder, 'signature.der'), Buffer.from(signature, 'base64'));
    const line = 'openssl dgst -sha256 -verify public-key.pem -signature signature.der message';
    expect(page).toContain(`\`${line}\``);
    writeFileSync(join(folder, 'public-key.pem'), PEM);
    const [program = '', ...args] = line.split(' ');
    const done = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    expect(done.error ? 'Verified OK\n' : done.stdout).toBe('Verified OK\n');
  }
});

test('its proof holds with the key alone, and not for another event', async () => {
  const proof = join(SAMPLE, 'proof.json');
  expect(await run('check-proof', proof, '--pubkey', KEY)).toMatchObject({ code: 0 });
  const other = join(temporaryFolder(), 'proof.json');
  writeFileSync(other, readFileSync(proof, 'utf8').replace('"U0BO"', '"U0CY"'));
  expect(await run('check-proof', other, '--pubkey', KEY)).toMatchObject({ code: 2 });
});

test.each([
  ['rows.jsonl', '"durationSeconds":180', '"durationSeconds":181'],
  ['rows.jsonl', '"U0BO"', '"U0CY"'],
  ['checkpoints/0000000001.json', '"size":', '"size":1'],
  ['heads.jsonl', '"seq":7', '"seq":6'],
])('with one change in %s neither verifier takes it: %s', async (file, before, after) => {
  const folder = join(temporaryFolder(), 'copy');
  cpSync(SAMPLE, folder, { recursive: true });
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toContain(before);
  writeFileSync(join(folder, file), text.replace(before, after));
  expect((await verified(folder)).code).not.toBe(0);
  expect(secondVerifier(folder, PEM)).not.toEqual([]);
});
