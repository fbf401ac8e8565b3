/**
 * The first half of a verification: every checkpoint from the first on, in order: its signature, its number, the hash of the one
 * before, and its leaves against its root. Whatever one says is only believed after its signature held. Leaves go on to whoever
 * compares them with the rows.
 */
import type { AuditSource } from './audit-source.ts';
import {
  type Before,
  type Checkpoint,
  checkpointHash,
  checkpointMessage,
  checkpointName,
  compareLeaves,
  Leaf,
  leafLine,
  leavesName,
  NO_CHECKPOINT,
  rootsOf,
  SignedCheckpoint,
} from './checkpoint.ts';
import { about, type Findings } from './findings.ts';
import { EMPTY_ROOT } from './merkle.ts';

export type Signatures = {
  /** Did the pinned key sign this? Never throws on a malformed signature. */
  isSigned(message: Uint8Array, signature: Uint8Array): boolean;
};

export type CheckpointPass = {
  readonly source: AuditSource;
  readonly signatures: Signatures;
  readonly findings: Findings;
  /** What is wrong with leaves; null: they are read elsewhere (verify-beside.ts). */
  readonly leafFindings: Findings | null;
  /** Leaves of checkpoints that end before it are not read. */
  readonly since: string | null;
  /** Called for each leaf of each checkpoint that is read. */
  readonly onLeaf: (leaf: Leaf, checkpoint: Checkpoint) => void;
  readonly onCheckpoint?: (seen: Before) => void;
};

/** Answers the last checkpoint that holds, or null. */
export async function verifyCheckpoints(pass: CheckpointPass): Promise<Before | null> {
  let last: Before | null = null;
  for await (const { name, text } of pass.source.checkpoints()) {
    const checkpoint = readSigned(pass, name, text);
    if (!checkpoint) continue;
    checkLinks(pass, { name, checkpoint, last });
    const { leafFindings } = pass;
    const isRead = pass.since === null || checkpoint.to >= pass.since;
    if (leafFindings && isRead) await checkLeaves(pass, checkpoint, leafFindings);
    last = { checkpoint, hash: checkpointHash(checkpoint) };
    pass.onCheckpoint?.(last);
  }
  return last;
}

function readSigned(
  { findings, signatures }: CheckpointPass,
  name: string,
  text: string | null,
): Checkpoint | null {
  const signed = SignedCheckpoint.safeParse(jsonOf(text ?? ''));
  if (!signed.success) {
    findings.add(about('unreadable-checkpoint', name, 'It is not a checkpoint.'));
    return null;
  }
  const { checkpoint, signature } = signed.data;
  if (signatures.isSigned(checkpointMessage(checkpoint), Buffer.from(signature, 'base64')))
    return checkpoint;
  findings.add(
    about(
      'checkpoint-forged',
      name,
      'Its signature does not fit the key: it was changed, or another key signed it.',
    ),
  );
  return null;
}

export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

function checkLinks(
  { findings }: CheckpointPass,
  at: { name: string; checkpoint: Checkpoint; last: Before | null },
): void {
  const { name, checkpoint, last } = at;
  const expected = (last?.checkpoint.n ?? 0) + 1;
  if (name !== checkpointName(checkpoint.n))
    findings.add(
      about('checkpoint-altered', name, `It says that it is checkpoint ${checkpoint.n}.`),
    );
  if (checkpoint.n > expected)
    findings.add(
      about('checkpoint-missing', checkpointName(expected), `The next one is ${checkpoint.n}.`),
    );
  else if (
    checkpoint.n < expected ||
    checkpoint.previous !== (last?.hash ?? NO_CHECKPOINT) ||
    (last !== null && !continues(checkpoint, last.checkpoint))
  )
    findings.add(
      about(
        'checkpoint-unlinked',
        name,
        'It does not follow the checkpoint that stands before it.',
      ),
    );
}

const continues = (next: Checkpoint, before: Checkpoint): boolean =>
  next.from === before.to &&
  next.to >= next.from &&
  next.tenant === before.tenant &&
  next.table === before.table;

async function checkLeaves(
  pass: CheckpointPass,
  checkpoint: Checkpoint,
  findings: Findings,
): Promise<void> {
  const name = leavesName(checkpoint);
  const text = await pass.source.leaves(name);
  if (text === null) {
    if (checkpoint.size > 0 || checkpoint.root !== EMPTY_ROOT)
      findings.add(about('leaves-missing', name, `Checkpoint ${checkpoint.n} needs them.`));
    return;
  }
  const leaves = parseLeaves(text);
  if (!leaves) {
    findings.add(about('unreadable-leaves', name, 'Not every line is a leaf in canonical form.'));
    return;
  }
  const { root, heads } = rootsOf(leaves, text);
  const isAsSealed =
    root === checkpoint.root &&
    leaves.length === checkpoint.size &&
    heads === checkpoint.heads &&
    leaves.every((leaf, i) => i === 0 || compareLeaves(leaves[i - 1] ?? leaf, leaf) < 0);
  if (!isAsSealed)
    findings.add(
      about('leaves-altered', name, `They are not what checkpoint ${checkpoint.n} was made over.`),
    );
  // Altered leaves say nothing about the rows: comparing with them would only hide the finding among others.
  if (isAsSealed) for (const leaf of leaves) pass.onLeaf(leaf, checkpoint);
}

/** Null when a line is anything but a leaf in canonical form. */
export function parseLeaves(text: string): Leaf[] | null {
  const lines = leafLines(text);
  return lines && leavesIn(lines);
}

function leafLines(text: string): string[] | null {
  if (text === '') return [];
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : null;
}

function leavesIn(lines: readonly string[]): Leaf[] | null {
  const leaves: Leaf[] = [];
  let chain = '';
  for (const line of lines) {
    const leaf = plainLeaf(line, chain) ?? leafOf(line);
    if (!leaf) return null;
    leaves.push(leaf);
    chain = leaf.chain;
  }
  return leaves;
}

function leafOf(line: string): Leaf | null {
  const leaf = Leaf.safeParse(jsonOf(line));
  return leaf.success && leafLine(leaf.data) === line ? leaf.data : null;
}

const CHAIN = '{"chain":"';
const HASH = '","hash":"';
const SEQ = '","seq":';
const HEX = 64;
const PLAIN_CHAIN = /^[ !#-[\]-~]{1,1000}$/;
const PLAIN_SEQ = /^[1-9][0-9]{0,14}$/;

/**
 * Cut by hand, since a verifier reads a million; the root over the lines says whether they are what was sealed. Null: not plain;
 * it is then looked at closely.
 * @param before name of the chain of the leaf before, which is most often its own
 */
function plainLeaf(line: string, before: string): Leaf | null {
  const at = line.lastIndexOf(SEQ);
  const end = at - HEX - HASH.length;
  const seq = line.slice(at + SEQ.length, -1);
  const isCut =
    end > CHAIN.length &&
    line.startsWith(CHAIN) &&
    line.startsWith(HASH, end) &&
    line.endsWith('}') &&
    PLAIN_SEQ.test(seq);
  if (!isCut) return null;
  const isSame = end === CHAIN.length + before.length && line.startsWith(before, CHAIN.length);
  const chain = isSame ? before : line.slice(CHAIN.length, end);
  if (!isSame && !PLAIN_CHAIN.test(chain)) return null;
  return { chain, hash: line.slice(at - HEX, at), seq: Number(seq) };
}
