/**
 * A second verifier, written from docs/audit-format.md alone and on purpose in another style: whole files in memory, plain
 * node:crypto, nothing of the product. Answers sentences about what is wrong; none when all holds.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
type Row = {
  chain: string;
  seq: number;
  tenant: string;
  event: Value;
  previous: string;
  hash: string;
};

const sha = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const hex = (text: string) => Buffer.from(text, 'hex');

function print(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(print)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${print(value[key] ?? null)}`)}}`;
}

function tree(lines: string[]): Buffer {
  if (lines.length === 0) return sha();
  if (lines.length === 1) return sha(Buffer.of(0), lines[0] ?? '');
  let split = 1;
  while (split * 2 < lines.length) split *= 2;
  return sha(Buffer.of(1), tree(lines.slice(0, split)), tree(lines.slice(split)));
}

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

export function secondVerifier(folder: string, pem: string): string[] {
  const wrong: string[] = [];
  const sealed = new Map<string, string>();
  const key = createPublicKey(pem);
  let previous = '0'.repeat(64);
  readdirSync(join(folder, 'checkpoints'))
    .sort()
    .forEach((file, i) => {
      const { checkpoint, signature } = JSON.parse(
        readFileSync(join(folder, 'checkpoints', file), 'utf8'),
      );
      const message = Buffer.concat([Buffer.of(3), Buffer.from(print(checkpoint))]);
      if (!verify('sha256', message, key, Buffer.from(signature, 'base64')))
        wrong.push(`${file}: signature`);
      if (checkpoint.n !== i + 1 || checkpoint.previous !== previous) wrong.push(`${file}: link`);
      previous = sha(message).toString('hex');
      const number = String(checkpoint.n).padStart(10, '0');
      const lines = linesOf(join(folder, 'leaves', `${number}-${checkpoint.root}.jsonl`));
      if (tree(lines).toString('hex') !== checkpoint.root || lines.length !== checkpoint.size)
        wrong.push(`${file}: root`);
      for (const line of lines) {
        const { chain, seq, hash } = JSON.parse(line);
        if (sealed.has(`${chain}/${seq}`)) wrong.push(`${chain}/${seq}: twice`);
        sealed.set(`${chain}/${seq}`, hash);
      }
    });
  const last = new Map<string, { seq: number; hash: string }>();
  for (const line of linesOf(join(folder, 'rows.jsonl'))) {
    const row: Row = JSON.parse(line);
    const { chain, seq, tenant, event } = row;
    const name = `${chain}/${seq}`;
    const before = last.get(chain) ?? { seq: 0, hash: '0'.repeat(64) };
    const own = sha(Buffer.of(2), hex(row.previous), print({ chain, seq, tenant, event })).toString(
      'hex',
    );
    if (own !== row.hash) wrong.push(`${name}: hash`);
    if (seq !== before.seq + 1 || row.previous !== before.hash) wrong.push(`${name}: link`);
    if (sealed.get(name) !== row.hash) wrong.push(`${name}: not sealed so`);
    sealed.delete(name);
    last.set(chain, { seq, hash: row.hash });
  }
  for (const name of sealed.keys()) wrong.push(`${name}: gone`);
  return wrong;
}
