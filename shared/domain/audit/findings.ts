/**
 * What a verifier can find, and where: each finding names the first row it is about. Three kinds of trouble, told apart because
 * people act on them differently: somebody changed the record, something that is needed is not there (yet), or it cannot be read.
 */
import { compareLeaves } from './checkpoint.ts';

export type Trouble = 'tampered' | 'incomplete' | 'unreadable';

export const FINDINGS = {
  altered: 'tampered',
  deleted: 'tampered',
  inserted: 'tampered',
  swapped: 'tampered',
  'cut-off': 'tampered',
  'broken-link': 'tampered',
  'sealed-twice': 'tampered',
  'wrong-head': 'tampered',
  'wrong-place': 'tampered',
  'record-altered': 'tampered',
  'checkpoint-missing': 'tampered',
  'checkpoint-altered': 'tampered',
  'checkpoint-forged': 'tampered',
  'checkpoint-unlinked': 'tampered',
  'checkpoints-cut-off': 'tampered',
  'leaves-altered': 'tampered',
  'policy-altered': 'tampered',
  'no-checkpoint': 'incomplete',
  'no-such-chain': 'incomplete',
  'checkpoint-late': 'incomplete',
  'leaves-missing': 'incomplete',
  'policy-missing': 'incomplete',
  'unreadable-row': 'unreadable',
  'unreadable-checkpoint': 'unreadable',
  'unreadable-leaves': 'unreadable',
} as const satisfies Record<string, Trouble>;
export type FindingCode = keyof typeof FINDINGS;

export type Finding = {
  readonly code: FindingCode;
  /** `chain/seq` of a row, or the name of what it is about. */
  readonly where: string;
  /** A row's place, for what is about a row. */
  readonly row: { readonly chain: string; readonly seq: number } | null;
  /** One sentence: what was expected and what was there. */
  readonly what: string;
};

export const aboutRow = (
  code: FindingCode,
  row: { readonly chain: string; readonly seq: number },
  what: string,
): Finding => ({
  code,
  where: `${row.chain}/${row.seq}`,
  row: { chain: row.chain, seq: row.seq },
  what,
});
export const about = (code: FindingCode, where: string, what: string): Finding => ({
  code,
  where,
  row: null,
  what,
});

/** Findings that are kept in full; the rest is counted. */
const KEPT_FINDINGS = 100;

export type Findings = {
  add(finding: Finding): void;
  /** In order: what is about checkpoints first, then rows by chain and number, then policies. */
  list(): Finding[];
  /** Of all that were added, kept or not. */
  count(): number;
  /** What was found elsewhere. @param count of all of them, kept or not */
  merge(found: readonly Finding[], count: number): void;
  worst(): Trouble | null;
};

export function openFindings(): Findings {
  const kept: Finding[] = [];
  const seen = new Set<Trouble>();
  let count = 0;
  const add = (finding: Finding) => {
    count += 1;
    seen.add(FINDINGS[finding.code]);
    if (kept.length < KEPT_FINDINGS) kept.push(finding);
  };
  return {
    add,
    merge(found, all) {
      for (const finding of found) add(finding);
      count += all - found.length;
    },
    list: () => onePerPlace(kept).sort(inOrder),
    count: () => count,
    worst: () => WORST_FIRST.find((trouble) => seen.has(trouble)) ?? null,
  };
}
const WORST_FIRST = ['tampered', 'unreadable', 'incomplete'] as const satisfies readonly Trouble[];

/** Often consequences of another finding: they give way to what else is known about the same place. */
const CONSEQUENCES: readonly FindingCode[] = ['broken-link', 'wrong-head', 'wrong-place'];

function onePerPlace(findings: readonly Finding[]): Finding[] {
  const places = new Map<string, Finding>();
  for (const finding of findings) {
    const known = places.get(finding.where);
    if (!known || CONSEQUENCES.includes(known.code)) places.set(finding.where, finding);
  }
  return [...places.values()];
}

function inOrder(a: Finding, b: Finding): number {
  if (a.row && b.row) return compareLeaves(a.row, b.row);
  return rankOf(a) - rankOf(b);
}
const AFTER_ROWS: readonly FindingCode[] = ['record-altered', 'policy-altered', 'policy-missing'];
const rankOf = ({ code, row }: Finding): number => (row ? 1 : AFTER_ROWS.includes(code) ? 2 : 0);
