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

type Sealed = { wrong: string[]; leaves: Map<string, string>; to: string; tenant: string | null };
type Leaf = { chain: string; seq: number; hash: string };

const ZEROS = '0'.repeat(64);
/** A row may be younger than the checkpoint that will hold it. */
const YOUNG_MS = 10 * 60_000;

export function secondVerifier(folder: string, pem: string): string[] {
  const { wrong, leaves, to, tenant } = checkpointsIn(folder, pem);
  const last = new Map<string, { seq: number; hash: string }>();
  for (const line of linesOf(join(folder, 'rows.jsonl'))) {
    const row: Row = JSON.parse(line);
    const { chain, seq, event } = row;
    const name = `${chain}/${seq}`;
    const before = last.get(chain) ?? { seq: 0, hash: ZEROS };
    const text = print({ chain, seq, tenant: row.tenant, event });
    const own = sha(Buffer.of(2), hex(row.previous), text).toString('hex');
    if (own !== row.hash || Object.keys(row).length !== 6) wrong.push(`${name}: hash`);
    if (seq !== before.seq + 1 || row.previous !== before.hash) wrong.push(`${name}: link`);
    if (tenant !== null && row.tenant !== tenant) wrong.push(`${name}: tenant`);
    const isYoung = Date.parse(String(event['at'])) > Date.parse(to) - YOUNG_MS;
    if (leaves.get(name) !== row.hash && (leaves.has(name) || !isYoung))
      wrong.push(`${name}: not sealed so`);
    leaves.delete(name);
    last.set(chain, { seq, hash: row.hash });
  }
  for (const name of leaves.keys()) wrong.push(`${name}: gone`);
  return [...wrong, ...besideRows(folder, last)];
}

/** Points 1 and 2. */
function checkpointsIn(folder: string, pem: string): Sealed {
  const key = createPublicKey(pem);
  const found: Sealed = { wrong: [], leaves: new Map(), to: '', tenant: null };
  const before = { previous: ZEROS, same: '' };
  for (const [i, file] of readdirSync(join(folder, 'checkpoints')).sort().entries()) {
    const { checkpoint, signature } = JSON.parse(
      readFileSync(join(folder, 'checkpoints', file), 'utf8'),
    );
    const { n, root, size, from, to, tenant, table } = checkpoint;
    const message = Buffer.concat([Buffer.of(3), Buffer.from(print(checkpoint))]);
    if (!verify('sha256', message, key, Buffer.from(signature, 'base64')))
      found.wrong.push(`${file}: signature`);
    const isNext = n === i + 1 && checkpoint.previous === before.previous;
    const isSame = i === 0 || (from === found.to && before.same === print([tenant, table]));
    if (!isNext || !isSame) found.wrong.push(`${file}: link`);
    const lines = linesOf(join(folder, 'leaves', `${String(n).padStart(10, '0')}-${root}.jsonl`));
    const roots = [tree(lines), tree(lastOfEach(lines))].map((each) => each.toString('hex'));
    if (roots[0] !== root || roots[1] !== checkpoint.heads || lines.length !== size)
      found.wrong.push(`${file}: root`);
    for (const name of sealedTwice(lines, found.leaves)) found.wrong.push(`${name}: twice`);
    [found.to, found.tenant] = [to, tenant];
    [before.previous, before.same] = [sha(message).toString('hex'), print([tenant, table])];
  }
  return found;
}

const leafIn = (line: string): Leaf => JSON.parse(line);
const lastOfEach = (lines: string[]): string[] => [
  ...new Map(lines.map((line) => [leafIn(line).chain, line])).values(),
];

/** Notes the leaves; answers those that were there, or do not stand in their order. */
function sealedTwice(lines: string[], leaves: Map<string, string>): string[] {
  const again: string[] = [];
  let before: Leaf = { chain: '', seq: 0, hash: '' };
  for (const { chain, seq, hash } of lines.map(leafIn)) {
    const isLater = chain > before.chain || (chain === before.chain && seq > before.seq);
    if (!isLater || leaves.has(`${chain}/${seq}`)) again.push(`${chain}/${seq}`);
    leaves.set(`${chain}/${seq}`, hash);
    before = { chain, seq, hash };
  }
  return again;
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
