/**
 * The second half of a verification: every event row, chain after chain. Each row must stand at its own place, hash to what it
 * says, follow the row before, and continue the numbers without a gap. Whether it was sealed is somebody else's question.
 */
import { type AuditRow, type FoundRow, hasItsHash, isAuditRow } from './audit-source.ts';
import { type ChainHead, EMPTY_CHAIN } from './chain.ts';
import { aboutRow, type FindingCode, type Findings } from './findings.ts';
import { hasItsHash as lineHasItsHash, type RowLine } from './row-line.ts';

export type RowWatcher = {
  /**
   * A row that follows the one before and has its hash, not parsed. True: it was taken as sealed, and whether it was is going to
   * be compared. False: it has to be read.
   */
  onLine?(line: RowLine): boolean;
  /** A row that could be read, whatever else is wrong with it; by the place at which it stands, not the one it claims. */
  onRow(row: AuditRow): void;
  /** The last row of a chain. */
  onChain(chain: string, head: ChainHead): void;
};

export type RowChecker = { check(found: FoundRow): void; end(): void };

/** @param tenant whose rows they have to be; null: not known */
export function openRowChecker(
  tenant: string | null,
  findings: Findings,
  watcher: RowWatcher,
): RowChecker {
  let chain: string | null = null;
  let last: ChainHead = EMPTY_CHAIN;
  const close = () => {
    if (chain !== null && last.seq > 0) watcher.onChain(chain, last);
  };
  return {
    check(found) {
      if (found.chain !== chain) {
        close();
        chain = found.chain;
        last = EMPTY_CHAIN;
      }
      const { line } = found;
      if (line && isPlaced(found, line) && follows(line, last, tenant) && watcher.onLine?.(line)) {
        last = line;
        return;
      }
      const { row } = found;
      if (!isAuditRow(row)) {
        findings.add(aboutRow('unreadable-row', found, 'It is not the row of an event.'));
        last = { seq: Math.max(found.seq, last.seq), hash: last.hash };
        return;
      }
      checkRow(found, { row, last, tenant }, findings);
      watcher.onRow(isAtHome(found, row) ? row : { ...row, chain: found.chain, seq: found.seq });
      last = { seq: Math.max(found.seq, last.seq), hash: row.hash };
    },
    end: close,
  };
}

/** What a line says about its place is nothing before it stands there. */
const isPlaced = ({ chain, seq, misplaced }: FoundRow, line: RowLine): boolean =>
  misplaced === null && line.seq === seq && line.chain === chain;

const follows = (line: RowLine, last: ChainHead, tenant: string | null): boolean =>
  line.seq === last.seq + 1 &&
  line.previous === last.hash &&
  line.tenant === tenant &&
  lineHasItsHash(line);

type Seen = { readonly row: AuditRow; readonly last: ChainHead; readonly tenant: string | null };

function checkRow(found: FoundRow, seen: Seen, findings: Findings): void {
  const { seq } = seen.last;
  if (isAtHome(found, seen.row) && found.seq > seq + 1) {
    const missing = { chain: found.chain, seq: seq + 1 };
    findings.add(aboutRow('deleted', missing, `The next row of its chain is ${found.seq}.`));
  }
  const fault = faultOf(found, seen);
  if (fault) findings.add(aboutRow(fault[0], found, fault[1]));
}

const isAtHome = (found: FoundRow, row: AuditRow): boolean =>
  row.chain === found.chain && row.seq === found.seq;

function faultOf(found: FoundRow, { row, last, tenant }: Seen): [FindingCode, string] | null {
  if (!isAtHome(found, row)) return ['swapped', `What stands there is ${row.chain}/${row.seq}.`];
  if (tenant !== null && row.tenant !== tenant)
    return ['altered', `It belongs to the tenant "${row.tenant}".`];
  if (found.seq <= last.seq) return ['inserted', 'There is a row of that number before it.'];
  if (!hasItsHash(row)) return ['altered', 'It does not have the hash that stands in it.'];
  if (found.seq === last.seq + 1 && row.previous !== last.hash)
    return ['broken-link', 'It does not follow the row before it.'];
  return found.misplaced === null ? null : ['wrong-place', found.misplaced];
}
