/**
 * The leaves of all checkpoints, read where somebody else has the time: another thread. Nothing is shared with whoever reads the
 * rows but the key; what comes back are findings and the sums of the leaves, which add up. Signatures are checked there too, since
 * leaves count for nothing before their checkpoint is believed; what is wrong with checkpoints themselves is said by the other one.
 */
import { type Finding, openFindings } from './findings.ts';
import { openNames } from './keyed-digests.ts';
import { openMultiset } from './multiset.ts';
import { type CheckpointPass, verifyCheckpoints } from './verify-checkpoints.ts';

export type LeavesJob = {
  /** Of the run, so that sums add up. */
  readonly key: string;
  readonly since: string | null;
  /** Only leaves of this chain are summed; all are read. */
  readonly chain: string | null;
};
export type LeavesOutcome = {
  readonly leaves: number;
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  readonly sums: Uint32Array;
};

export async function readLeaves(
  at: Pick<CheckpointPass, 'source' | 'signatures'>,
  { key, since, chain }: LeavesJob,
  onProgress: (leaves: number) => void = () => {},
): Promise<LeavesOutcome> {
  const sealed = openMultiset(openNames(key));
  const leafFindings = openFindings();
  let leaves = 0;
  await verifyCheckpoints({
    ...{ ...at, since, leafFindings, findings: openFindings() },
    onLeaf(leaf) {
      leaves += 1;
      if (!chain || leaf.chain === chain) sealed.add(leaf);
    },
    onCheckpoint: () => onProgress(leaves),
  });
  const findings = leafFindings.list();
  return { leaves, findings, findingCount: leafFindings.count(), sums: sealed.sums() };
}
