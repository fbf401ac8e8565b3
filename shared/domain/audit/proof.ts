/**
 * A proof that one event was on record when a checkpoint was signed: the event's row, the way from its leaf to the root, and the
 * signed checkpoint. Checked with the public key alone, without the log and without us.
 */
import * as z from 'zod';
import { type AuditRow, hasItsHash, isAuditRow } from './audit-source.ts';
import { Sha256 } from './chain.ts';
import {
  checkpointMessage,
  compareLeaves,
  type Leaf,
  leafLine,
  SignedCheckpoint,
} from './checkpoint.ts';
import { inclusionPath, leafHash, rootFromPath } from './merkle.ts';
import type { Signatures } from './verify-checkpoints.ts';

/** The highest tree that a checkpoint may have is far below. */
const HIGHEST = 64;

export const Proof = z.strictObject({
  v: z.literal(1),
  /** The row as it is stored. */
  row: z.custom<AuditRow>(isAuditRow, 'the row of an event'),
  /** Number of its leaf among the leaves of the checkpoint, from 0 on. */
  index: z.int().min(0),
  /** Hashes beside the way from the leaf to the root, lowest first. */
  path: z.array(Sha256).max(HIGHEST),
  sealed: SignedCheckpoint,
});
export type Proof = z.infer<typeof Proof>;

/** Null when the event is no leaf of this checkpoint. */
export function proofOf(
  row: AuditRow,
  sealed: SignedCheckpoint,
  leaves: readonly Leaf[],
): Proof | null {
  const index = leaves.findIndex(
    (leaf) => compareLeaves(leaf, row) === 0 && leaf.hash === row.hash,
  );
  if (index < 0) return null;
  const hashes = leaves.map((leaf) => leafHash(leafLine(leaf)));
  return { v: 1, row, index, path: inclusionPath(hashes, index), sealed };
}

export const PROOF_FAULTS = {
  unreadable: 'The file is no proof.',
  event: 'The event does not have the hash that stands beside it: it was changed.',
  tenant: 'The event belongs to another tenant than the checkpoint.',
  path: 'The way from the event does not lead to the root of the checkpoint.',
  signature: 'The checkpoint was not signed with this key.',
} as const;
export type ProofFault = keyof typeof PROOF_FAULTS;

/** Null when the proof holds. */
export function faultOfProof(value: unknown, signatures: Signatures): ProofFault | null {
  const parsed = Proof.safeParse(value);
  if (!parsed.success) return 'unreadable';
  const { row, index, path, sealed } = parsed.data;
  const { checkpoint, signature } = sealed;
  if (!hasItsHash(row)) return 'event';
  if (row.tenant !== checkpoint.tenant) return 'tenant';
  const leaf = leafHash(leafLine(row));
  if (rootFromPath(leaf, { index, size: checkpoint.size }, path) !== checkpoint.root) return 'path';
  return signatures.isSigned(checkpointMessage(checkpoint), Buffer.from(signature, 'base64'))
    ? null
    : 'signature';
}
