/** Rows as they are found, one after another: what is wrong with each, in which words, and what whoever watches is told. */
import {
  type AuditRow,
  canonicalRow,
  type FoundRow,
} from '../../../shared/domain/audit/audit-source.ts';
import { type ChainHead, hashEvent } from '../../../shared/domain/audit/chain.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { cutRow } from '../../../shared/domain/audit/row-line.ts';
import { openRowChecker, type RowWatcher } from '../../../shared/domain/audit/verify-rows.ts';
import { TENANT } from '../../support/audit-fixture.ts';

const CHAIN = 'request#x';
const NONE = '0'.repeat(64);
const made = (seq: number, previous = NONE, change: Partial<AuditRow> = {}): AuditRow => {
  const link = { tenant: TENANT, chain: CHAIN, seq, event: { type: 'X', n: seq }, ...change };
  return { ...link, previous, hash: hashEvent(link, previous) };
};
const found = (row: AuditRow, change: Partial<FoundRow> = {}): FoundRow => ({
  ...{ chain: row.chain, seq: row.seq, row, misplaced: null, ...change },
});
const first = made(1);
const second = made(2, first.hash);
const third = made(3, second.hash);
const other = made(1, NONE, { chain: 'request#y' });

function checked(rows: readonly FoundRow[], tenant: string | null = TENANT, lines?: boolean) {
  const findings = openFindings();
  const seen: { rows: AuditRow[]; chains: [string, ChainHead][]; lines: number[] } = {
    ...{ rows: [], chains: [], lines: [] },
  };
  const watcher: RowWatcher = {
    onRow: (row) => seen.rows.push(row),
    onChain: (chain, { seq, hash }) => seen.chains.push([chain, { seq, hash }]),
  };
  const onLine: RowWatcher['onLine'] = ({ seq }) => {
    seen.lines.push(seq);
    return lines ?? false;
  };
  const checker = openRowChecker(
    tenant,
    findings,
    lines === undefined ? watcher : { ...watcher, onLine },
  );
  for (const row of rows) checker.check(row);
  checker.end();
  return { ...seen, findings: findings.list() };
}
const finding = (code: string, seq: number, what: string, chain = CHAIN) => ({
  ...{ code, where: `${chain}/${seq}`, row: { chain, seq }, what },
});

test('chain after chain is watched row by row, and told once where it ends', () => {
  const rows = [first, second, third, other];
  expect(checked(rows.map((row) => found(row)))).toEqual({
    ...{ rows, lines: [], findings: [] },
    chains: [
      [CHAIN, { seq: 3, hash: third.hash }],
      ['request#y', { seq: 1, hash: other.hash }],
    ],
  });
  expect(checked([])).toEqual({ rows: [], chains: [], lines: [], findings: [] });
});

describe('a row', () => {
  test.each<[string, readonly FoundRow[], ReturnType<typeof finding>]>([
    [
      'of another place is named by both',
      [found(first), found(other, { chain: CHAIN, seq: 2 })],
      finding('swapped', 2, 'What stands there is request#y/1.'),
    ],
    [
      'of another number, behind a gap, is named by both and no more',
      [found(first), found(second, { seq: 7 })],
      finding('swapped', 7, `What stands there is ${CHAIN}/2.`),
    ],
    [
      'of another tenant belongs to that one',
      [found(made(1, NONE, { tenant: 'other' }))],
      finding('altered', 1, 'It belongs to the tenant "other".'),
    ],
    [
      'under a number that was there before was inserted',
      [found(first), found(made(1, first.hash))],
      finding('inserted', 1, 'There is a row of that number before it.'),
    ],
    [
      'under a lower number was inserted',
      [found(first), found(second), found(made(1, second.hash))],
      finding('inserted', 1, 'There is a row of that number before it.'),
    ],
    [
      'without its hash was altered',
      [found({ ...first, event: { type: 'Y' } })],
      finding('altered', 1, 'It does not have the hash that stands in it.'),
    ],
    [
      'that canonical JSON cannot carry has no hash either',
      [found({ ...first, event: { type: '\ud800' } })],
      finding('altered', 1, 'It does not have the hash that stands in it.'),
    ],
    [
      'with another one before it does not follow',
      [found(first), found(made(2, NONE))],
      finding('broken-link', 2, 'It does not follow the row before it.'),
    ],
    [
      'behind a gap tells what is missing, not that it does not follow',
      [found(first), found(made(4, second.hash))],
      finding('deleted', 2, 'The next row of its chain is 4.'),
    ],
    [
      'that hides from an index is told in the words of its source',
      [found(first, { misplaced: 'It stands under another day.' })],
      finding('wrong-place', 1, 'It stands under another day.'),
    ],
  ])('%s', (_, rows, expected) => {
    expect(checked(rows).findings).toEqual([expected]);
  });

  test('of any tenant will do where none is known', () => {
    expect(checked([found(made(1, NONE, { tenant: 'other' }))], null).findings).toEqual([]);
  });

  test('is watched at the place at which it stands, and its chain goes on behind it', () => {
    const moved = checked([found(first), found(other, { chain: CHAIN, seq: 2 })]);
    expect(moved.rows).toEqual([first, { ...other, chain: CHAIN, seq: 2 }]);
    expect(moved.chains).toEqual([[CHAIN, { seq: 2, hash: other.hash }]]);
    const renumbered = checked([found(first), found(second), found(made(1, second.hash))]);
    expect(renumbered.chains[0]?.[1].seq).toBe(2);
  });
});

describe('what is no row', () => {
  const junk = (seq: number): FoundRow => ({ chain: CHAIN, seq, row: 'junk', misplaced: null });
  const unreadable = (seq: number) =>
    finding('unreadable-row', seq, 'It is not the row of an event.');

  test('keeps its number, so that nothing more is missing behind it', () => {
    const { findings, rows } = checked([found(first), junk(2), found(third)]);
    expect(findings).toEqual([
      unreadable(2),
      finding('broken-link', 3, 'It does not follow the row before it.'),
    ]);
    expect(rows).toEqual([first, third]);
  });
  test('takes no number back, and the row before it is still the one to follow', () => {
    expect(checked([found(first), found(second), junk(1), found(third)]).findings).toEqual([
      unreadable(1),
    ]);
  });
  test('makes a chain of nothing when it has no number', () => {
    expect(checked([junk(0)])).toEqual({
      rows: [],
      chains: [],
      lines: [],
      findings: [unreadable(0)],
    });
  });
});

describe('a line that follows', () => {
  const lined = (row: AuditRow, read: unknown = row): FoundRow =>
    found(row, { row: read, line: cutRow(canonicalRow(row) ?? '') });
  const rows = [first, second, third];

  test('spares reading the row when it was taken', () => {
    const taken = checked(
      rows.map((row) => lined(row, 'never read')),
      TENANT,
      true,
    );
    expect(taken).toEqual({
      ...{ rows: [], lines: [1, 2, 3], findings: [] },
      chains: [[CHAIN, { seq: 3, hash: third.hash }]],
    });
  });
  test('does not when it was not taken, or nobody takes lines', () => {
    expect(
      checked(
        rows.map((row) => lined(row)),
        TENANT,
        false,
      ),
    ).toMatchObject({
      ...{ rows, lines: [1, 2, 3], findings: [] },
    });
    expect(checked(rows.map((row) => lined(row)))).toMatchObject({ rows, lines: [], findings: [] });
  });
  test.each<[string, FoundRow]>([
    ['another number', { ...lined(second), seq: 3 }],
    ['another chain', { ...lined(second), chain: 'request#y' }],
    ['a place in an index that is not its own', { ...lined(second), misplaced: 'Nowhere.' }],
    ['a number that does not follow', lined(made(3, first.hash))],
    ['another row before it', lined(made(2, NONE))],
    ['another tenant', lined(made(2, first.hash, { tenant: 'other' }))],
    ['another hash', lined({ ...second, hash: 'e'.repeat(64) })],
  ])('counts for nothing with %s: the row is read', (_, line) => {
    const seen = checked([lined(first), line], TENANT, true);
    expect(seen.lines).toEqual([1]);
    expect(seen.rows).toHaveLength(1);
    expect(seen.findings).not.toEqual([]);
  });
});
