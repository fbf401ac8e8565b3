/**
 * The close look at what two streams of leaves disagree about: leaves and rows of a few chains at a time, side by side, so that
 * every difference has a name. Holds in memory what belongs to these chains and nothing else.
 */
import { type AuditRow, instantOf, isAfter } from './audit-source.ts';
import type { Leaf } from './checkpoint.ts';
import { aboutRow, type Findings } from './findings.ts';

export type SealedSpan = {
  /** Between these instants a row has to be in a checkpoint that was read. Null: no bound. */
  readonly after: string | null;
  readonly before: string;
  /** End of the last checkpoint: what is younger was counted when it was read the first time. */
  readonly last: string;
};

type Sealed = { readonly leaf: Leaf; matched: boolean };

export type CloseLook = {
  onLeaf(leaf: Leaf): void;
  /** After all leaves. */
  onRow(row: AuditRow): void;
  /** After all rows. Answers how many rows are younger than what has to be sealed, and were not counted yet. */
  conclude(): number;
};

export function openCloseLook(span: SealedSpan, findings: Findings): CloseLook {
  const sealed = new Map<string, Sealed>();
  /** Chain and hash -> number under which it was sealed. */
  const numbers = new Map<string, number>();
  const lastRows = new Map<string, number>();
  let young = 0;
  return {
    onLeaf(leaf) {
      const known = sealed.get(placeOf(leaf));
      if (known) findings.add(aboutRow('sealed-twice', leaf, 'It is in two checkpoints.'));
      else sealed.set(placeOf(leaf), { leaf, matched: false });
      numbers.set(`${leaf.chain}\n${leaf.hash}`, leaf.seq);
    },
    onRow(row) {
      lastRows.set(row.chain, Math.max(row.seq, lastRows.get(row.chain) ?? 0));
      const own = sealed.get(placeOf(row));
      if (own) own.matched = true;
      if (own?.leaf.hash === row.hash) return;
      if (own) return findings.add(changed(row, numbers.get(`${row.chain}\n${row.hash}`)));
      const at = instantOf(row);
      if (isAfter(at, span.before)) young += isAfter(at, span.last) ? 0 : 1;
      else if (at === null || span.after === null || at > span.after)
        findings.add(aboutRow('inserted', row, NEVER_SEALED));
    },
    conclude() {
      for (const { leaf, matched } of sealed.values())
        if (!matched) findings.add(gone(leaf, lastRows.get(leaf.chain) ?? 0));
      return young;
    },
  };
}

const NEVER_SEALED =
  'It is in no checkpoint though it is old enough: it was inserted, or its marker was removed before it was sealed.';
const placeOf = ({ chain, seq }: { chain: string; seq: number }) => `${chain}\n${seq}`;

const changed = (row: AuditRow, sealedAs: number | undefined) =>
  sealedAs === undefined
    ? aboutRow('altered', row, 'Its hash is not the one that was sealed.')
    : aboutRow('swapped', row, `What stands there was sealed as number ${sealedAs}.`);

const gone = (leaf: Leaf, lastRow: number) =>
  leaf.seq > lastRow && lastRow > 0
    ? aboutRow('cut-off', leaf, `It was sealed; its chain ends at ${lastRow} now.`)
    : aboutRow('deleted', leaf, 'It was sealed; there is no such row.');
