/**
 * Compares where the records say that their chains stand with the rows. What was appended since the records were read is no
 * finding; rows that a record has and the table has not were cut off, sealed or not.
 */
import { type AuditRow, instantOf, isAfter } from './audit-source.ts';
import type { ChainHead } from './chain.ts';
import { aboutRow, type Findings } from './findings.ts';
import type { SealedSpan } from './verify-closely.ts';

export function openStanding(
  heads: ReadonlyMap<string, ChainHead>,
  span: Pick<SealedSpan, 'before'>,
  findings: Findings,
) {
  const unseen = new Map(heads);
  const fits = new Set<string>();
  let lastAt: string | null = null;
  return {
    onRow(row: AuditRow) {
      const head = heads.get(row.chain);
      if (head?.seq === row.seq && head.hash === row.hash) fits.add(row.chain);
      lastAt = instantOf(row);
    },
    onChain(chain: string, { seq, hash }: ChainHead) {
      const head = heads.get(chain);
      unseen.delete(chain);
      if (head?.seq === seq && head.hash === hash) return;
      const grewSince = (fits.has(chain) || !head) && isAfter(lastAt, span.before);
      if (head && head.seq > seq)
        findings.add(
          aboutRow(
            'cut-off',
            { chain, seq: seq + 1 },
            `Its record says that there are ${head.seq}.`,
          ),
        );
      else if (!grewSince)
        findings.add(
          aboutRow('wrong-head', { chain, seq }, `Its record says ${head?.seq ?? 'nothing'}.`),
        );
    },
    conclude() {
      for (const [chain, { seq }] of unseen)
        findings.add(
          aboutRow('deleted', { chain, seq: 1 }, `Its record says that there are ${seq}.`),
        );
    },
  };
}
