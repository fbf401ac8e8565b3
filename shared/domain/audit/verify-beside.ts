/**
 * What an audit log states beside its rows, read where somebody else has the time: another thread. That is the leaves of all
 * checkpoints, and the records. Nothing is shared with whoever reads the rows but the key; what comes back are findings and sums,
 * which add up. Signatures are checked there too, since leaves count for nothing before their checkpoint is believed; what is wrong
 * with checkpoints themselves is said by the other one.
 */
import type { AuditSource } from './audit-source.ts';
import { about, type Finding, type Findings, openFindings } from './findings.ts';
import { openNames } from './keyed-digests.ts';
import { type Multiset, openMultiset } from './multiset.ts';
import { type CheckpointPass, verifyCheckpoints } from './verify-checkpoints.ts';
import { type Claimed, openRecords, type Records } from './verify-records.ts';

export type BesideJob = {
  /** Of the run, so that sums add up. */
  readonly key: string;
  readonly since: string | null;
  /** Only what is about this chain is summed; all is read. */
  readonly chain: string | null;
};
export type BesideOutcome = {
  readonly leaves: number;
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** Of the leaves. */
  readonly sealed: Uint32Array;
  /** Of where the records say that their chains stand. */
  readonly heads: Uint32Array;
  /** Of what the records say. */
  readonly records: Claimed;
};

export async function readBeside(
  at: Pick<CheckpointPass, 'source' | 'signatures'>,
  { key, since, chain }: BesideJob,
  onProgress: (leaves: number) => void = () => {},
): Promise<BesideOutcome> {
  const names = openNames(key);
  const isWanted = (wanted: string) => !chain || wanted === chain;
  const [sealed, heads, findings] = [openMultiset(names), openMultiset(names), openFindings()];
  const records = openRecords(names, isWanted);
  let leaves = 0;
  await verifyCheckpoints({
    ...{ ...at, since, leafFindings: findings, findings: openFindings() },
    onLeaf(leaf) {
      leaves += 1;
      if (isWanted(leaf.chain)) sealed.add(leaf);
    },
    onCheckpoint: () => onProgress(leaves),
  });
  await readHeads(at.source, { heads, records, findings, isWanted });
  return {
    ...{ leaves, findings: findings.list(), findingCount: findings.count() },
    ...{ sealed: sealed.sums(), heads: heads.sums(), records: records.claimed() },
  };
}

type HeadPass = {
  readonly heads: Multiset;
  readonly records: Records;
  readonly findings: Findings;
  readonly isWanted: (chain: string) => boolean;
};

/** Every record: where it says that its chain stands, and what it claims. */
export async function readHeads(
  source: AuditSource,
  { heads, records, findings, isWanted }: HeadPass,
): Promise<void> {
  for await (const page of source.heads?.() ?? [])
    for (const head of page) {
      if (head.seq > 0 && isWanted(head.chain)) heads.add(head);
      if (head.misplaced)
        findings.add(about('wrong-place', `record of ${head.chain}`, head.misplaced));
      records.onHead(head);
    }
}
