/**
 * The second look of a verification: what two sums disagree about is read again, a few chains at a time and side by side, so that
 * every difference has a name. Whatever differs passes here, whichever comparison it failed.
 */
import type { AuditSource } from './audit-source.ts';
import type { ChainHead } from './chain.ts';
import type { Leaf } from './checkpoint.ts';
import { claimsIn } from './claims.ts';
import { type Findings, openFindings } from './findings.ts';
import { SUMS, sumOf } from './multiset.ts';
import { type Signatures, verifyCheckpoints } from './verify-checkpoints.ts';
import { openCloseLook, type SealedSpan } from './verify-closely.ts';
import { openStanding } from './verify-heads.ts';
import { openRecordsLook } from './verify-records.ts';
import { openRowChecker } from './verify-rows.ts';

/** Rows that a close look takes into memory at once, and how many looks there are at most once tampering was found. */
const CLOSE_ROWS = 200_000;
const CLOSE_LOOKS = 8;

export type LookAgain = {
  readonly source: AuditSource;
  readonly signatures: Signatures;
  readonly since: string | null;
  readonly findings: Findings;
  /** Sums that are not zero. */
  readonly differing: readonly number[];
  /** How many rows or leaves there are. */
  readonly size: number;
  readonly isWanted: (chain: string) => boolean;
  /** Whether records are compared with what events lead to. */
  readonly isFolded: boolean;
  readonly onPage: () => void;
};

/** Reads again what differs, so many chains at a time that memory stays bounded. Answers how many more rows are merely young. */
export async function lookAgain(run: LookAgain, span: SealedSpan): Promise<number> {
  const { differing } = run;
  const rows = Math.max(run.size, 1);
  const group = Math.max(1, Math.floor((SUMS * CLOSE_ROWS) / rows));
  let young = 0;
  // Enough was found to be named; while nothing was, somebody may only want us to tire.
  const isTired = (look: number) => look >= CLOSE_LOOKS && run.findings.worst() === 'tampered';
  for (let look = 0; look * group < differing.length && !isTired(look); look += 1)
    young += await closeLook(run, span, new Set(differing.slice(look * group, (look + 1) * group)));
  return young;
}

async function closeLook(
  run: LookAgain,
  span: SealedSpan,
  sums: ReadonlySet<number>,
): Promise<number> {
  const { source, findings } = run;
  const isIn = (chain: string) => run.isWanted(chain) && sums.has(sumOf(chain));
  const look = openCloseLook(span, findings);
  await verifyCheckpoints({
    source,
    signatures: run.signatures,
    // Said already, the first time.
    ...{ findings: openFindings(), leafFindings: openFindings() },
    since: run.since,
    onLeaf: (leaf: Leaf) => {
      if (isIn(leaf.chain)) look.onLeaf(leaf);
    },
  });
  const heads = new Map<string, ChainHead>();
  const records = openRecordsLook(span, findings);
  for await (const page of source.heads?.() ?? [])
    for (const head of page) {
      const { chain, seq, hash } = head;
      if (seq > 0 && isIn(chain)) heads.set(chain, { seq, hash });
      for (const claim of claimsIn(head)) if (isIn(claim.chain)) records.onHead(claim);
    }
  const standing = openStanding(heads, span, findings);
  const quiet = openRowChecker(null, openFindings(), {
    onRow(row) {
      look.onRow(row);
      standing.onRow(row);
      if (run.isFolded) records.onRow(row);
    },
    onChain(chain, head) {
      // Who knows no records cannot miss one.
      if (source.heads) standing.onChain(chain, head);
      if (run.isFolded) records.onChain(chain, head);
    },
  });
  for await (const page of source.rows()) {
    for (const found of page) if (isIn(found.chain)) quiet.check(found);
    run.onPage();
  }
  quiet.end();
  standing.conclude();
  records.conclude();
  return look.conclude();
}
