/**
 * Compares what the records claim with what the events lead to, in constant memory: claims are added to a multiset, what the
 * events lead to is taken from it, one chain at a time. Only what differs is looked at again, and named.
 */
import { type AuditRow, type FoundHead, instantOf, isAfter } from './audit-source.ts';
import type { ChainHead } from './chain.ts';
import {
  type Claim,
  claimsAsRead,
  type Fold,
  isCompared,
  openFold,
  openUsualFold,
  REQUEST,
} from './claims.ts';
import { sha256 } from './digest.ts';
import { about, type Findings } from './findings.ts';
import type { KeyedNames } from './keyed-digests.ts';
import { openMultiset } from './multiset.ts';
import type { RowLine } from './row-line.ts';
import type { SealedSpan } from './verify-closely.ts';

/** The part of a row that a fold needs. */
type Folded = { readonly chain: string; readonly event: unknown };

/** What records claim: how many claims there are, and their sums. */
export type Claimed = { readonly count: number; readonly sums: Uint32Array };

export type Records = {
  onHead(head: FoundHead): void;
  /** False: no record claims anything, so there is nothing to fold. After all heads, wherever they are read. */
  readonly isCompared: () => boolean;
  onRow(row: Folded): void;
  /** The same of a row that was not parsed. */
  onLine(line: RowLine): void;
  onChain(chain: string, head: ChainHead): void;
  /** Of the heads so far. */
  claimed(): Claimed;
  /** The claims that were read elsewhere. */
  merge(claimed: Claimed): void;
  differing(): number[];
  /** Requests whose events were folded. */
  count(): number;
};

/**
 * @param isWanted chains that are compared at all
 * @param areElsewhere heads are read by somebody else: until merge(), any record may claim something
 */
export function openRecords(
  names: KeyedNames,
  isWanted: (chain: string) => boolean,
  areElsewhere = false,
): Records {
  const sums = openMultiset(names);
  const folds = foldsOf(openUsualFold);
  let [claimed, folded, isAwaited] = [0, 0, areElsewhere];
  const areCompared = () => claimed > 0 || isAwaited;
  return {
    onHead(head) {
      for (const claim of claimsAsRead(head)) {
        claimed += 1;
        if (isWanted(claim.chain)) sums.add(leafOf(claim));
      }
    },
    isCompared: areCompared,
    onRow: (row) => folds.add(row),
    onLine(line) {
      if (isCompared(line.chain)) folds.of(line.chain).addWritten(line.event);
    },
    onChain(chain, { seq }) {
      if (!areCompared() || !isCompared(chain) || !isWanted(chain)) return;
      if (chain.startsWith(REQUEST)) folded += 1;
      for (const claim of folds.of(chain).claims({ chain, seq })) sums.take(leafOf(claim));
    },
    claimed: () => ({ count: claimed, sums: sums.sums() }),
    merge(elsewhere) {
      claimed += elsewhere.count;
      isAwaited = false;
      sums.merge(elsewhere.sums);
    },
    // Without a claim, what was folded stands against nothing.
    differing: () => (areCompared() ? sums.differing() : []),
    count: () => (areCompared() ? folded : 0),
  };
}

const leafOf = ({ chain, seq, record, text }: Claim) => ({
  chain,
  seq,
  hash: sha256(`${record}\n${text}`),
});

/** Rows come chain after chain: one fold at a time. */
function foldsOf<T extends Fold>(open: (chain: string) => T) {
  let [chain, fold]: [string, T] = ['', open('')];
  const of = (wanted: string): T => {
    if (wanted !== chain) [chain, fold] = [wanted, open(wanted)];
    return fold;
  };
  return {
    of,
    add(row: Folded) {
      if (isCompared(row.chain)) of(row.chain).add(row.event);
    },
  };
}

/** The close look: claims about a few chains in memory, held against their rows. A request that moves right now is no finding. */
export function openRecordsLook(span: Pick<SealedSpan, 'before'>, findings: Findings) {
  const claims = new Map<string, Claim[]>();
  const folds = foldsOf(openFold);
  const fits = new Set<string>();
  let lastAt: string | null = null;
  const wrong = (record: string, what: string) =>
    findings.add(about('record-altered', `record of ${record}`, what));
  const isClaimed = (own: Claim) =>
    (claims.get(own.chain) ?? []).some((claim) => isSame(claim, own));
  return {
    onHead(claim: Claim) {
      claims.set(claim.chain, [...(claims.get(claim.chain) ?? []), claim]);
    },
    onRow(row: AuditRow) {
      folds.add(row);
      lastAt = instantOf(row);
      if (isCompared(row.chain))
        for (const own of folds.of(row.chain).claims(row))
          if (own.seq > 0 && isClaimed(own)) fits.add(row.chain);
    },
    onChain(chain: string, { seq }: ChainHead) {
      if (!isCompared(chain)) return;
      const owns = folds.of(chain).claims({ chain, seq });
      const stated = claims.get(chain) ?? [];
      claims.delete(chain);
      const isMoving = isAfter(lastAt, span.before);
      const own = stated.find((claim) => claim.seq > 0);
      // A record that speaks of rows which are not there is said to be cut off by whoever compares the heads.
      if (own && own.seq <= seq && !fits.has(chain)) wrong(chain, NOT_AS_TOLD);
      if (isMoving) return;
      const grants = stated.filter((claim) => claim.seq === 0);
      for (const [i, claim] of grants.entries())
        if (i > 0 || !owns.some((each) => isSame(each, claim)))
          wrong(claim.record, `What it says of ${chain} is not what the events lead to.`);
      for (const each of owns)
        if (each.seq === 0 && grants.length === 0)
          wrong(each.record, `It lists no grant for ${chain}, which is live by its events.`);
    },
    conclude() {
      for (const [chain, stated] of claims)
        for (const { seq, record } of stated)
          if (seq === 0) wrong(record, `It claims something about ${chain}, which has no events.`);
    },
  };
}

const NOT_AS_TOLD = 'Its state is not what its events lead to.';
const isSame = (a: Claim, b: Claim): boolean =>
  a.seq === b.seq &&
  a.record === b.record &&
  (a.text === b.text || (a.loose !== undefined && a.loose === b.loose));
