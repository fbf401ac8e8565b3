/**
 * A second verifier, written from docs/audit-format.md alone and on purpose in another style: whole files in memory, plain
 * node:crypto, nothing of the product. Answers sentences about what is wrong; none when all holds.
 */
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Head, hex, print, type Row, sha } from './second-verifier-parts.ts';
import { recordsAgainst } from './second-verifier-records.ts';

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
  return [...wrong, ...besideRows(folder, last)];
}

/** Points 5 to 7: policy texts, heads, and what the records say. */
function besideRows(folder: string, last: Map<string, { seq: number; hash: string }>): string[] {
  const rows: Row[] = linesOf(join(folder, 'rows.jsonl')).map((line) => JSON.parse(line));
  const heads: Head[] = linesOf(join(folder, 'heads.jsonl')).map((line) => JSON.parse(line));
  const wrong = policyTexts(folder, rows);
  for (const { chain, seq, hash } of heads) {
    const stands = last.get(chain) ?? { seq: 0, hash };
    if (stands.seq !== seq || stands.hash !== hash) wrong.push(`${chain}: head`);
  }
  for (const chain of heads.length > 0 ? last.keys() : [])
    if (!heads.some((head) => head.chain === chain)) wrong.push(`${chain}: no head`);
  return heads.some(({ value }) => value) ? [...wrong, ...recordsAgainst(rows, heads)] : wrong;
}

const FILED = ['PolicyChanged', 'PolicyScheduled'];

function policyTexts(folder: string, rows: Row[]): string[] {
  const texts = linesOf(join(folder, 'policies.jsonl')).map((line) => JSON.parse(line));
  const known = new Set(texts.map(({ hash }) => hash));
  const changed = texts.filter(({ hash, text }) => sha(text).toString('hex') !== hash);
  const gone = rows.filter(
    ({ event }) => FILED.includes(String(event['type'])) && !known.has(event['hash']),
  );
  return [
    ...changed.map(({ hash }) => `policy ${hash}: text`),
    ...gone.map(({ event }) => `policy ${event['hash']}: gone`),
  ];
}
