/** The close look at leaves and rows: every way in which they can differ has its own name, and nothing else has one. */
import type { AuditRow } from '../../../shared/domain/audit/audit-source.ts';
import type { Leaf } from '../../../shared/domain/audit/checkpoint.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { openCloseLook, type SealedSpan } from '../../../shared/domain/audit/verify-closely.ts';
import { instant, TENANT } from '../../support/audit-fixture.ts';

const CHAIN = 'request#x';
const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const OLD = instant(15);
const SPAN: SealedSpan = { after: instant(10), before: instant(20), last: instant(30) };

const leaf = (seq: number, hash = A, chain = CHAIN): Leaf => ({ chain, seq, hash: hash ?? '' });
const row = (seq: number, hash = A, at: string | null = OLD, chain = CHAIN): AuditRow => ({
  ...{ tenant: TENANT, chain, seq, previous: '0'.repeat(64), hash: hash ?? '' },
  event: { type: 'X', ...(at === null ? {} : { at }) },
});
function looked(leaves: readonly Leaf[], rows: readonly AuditRow[], span = SPAN) {
  const findings = openFindings();
  const look = openCloseLook(span, findings);
  for (const each of leaves) look.onLeaf(each);
  for (const each of rows) look.onRow(each);
  return { young: look.conclude(), findings: findings.list() };
}
const found = (code: string, seq: number, what: string) => ({
  young: 0,
  findings: [{ code, where: `${CHAIN}/${seq}`, row: { chain: CHAIN, seq }, what }],
});
const nothing = (young = 0) => ({ young, findings: [] });

test('rows that are their leaves are no finding, whenever they happened', () => {
  const rows = [row(1, A, instant(1)), row(2, B, null), row(3, C, instant(99))];
  expect(looked([leaf(1, A), leaf(2, B), leaf(3, C)], rows)).toEqual(nothing());
});

test('a row with another hash than its leaf was altered', () => {
  expect(looked([leaf(1)], [row(1, B)])).toEqual(
    found('altered', 1, 'Its hash is not the one that was sealed.'),
  );
  const elsewhere = [leaf(1), leaf(1, B, 'request#y')];
  expect(looked(elsewhere, [row(1, B), row(1, B, OLD, 'request#y')])).toEqual(
    found('altered', 1, 'Its hash is not the one that was sealed.'),
  );
});

test('a row with the hash that another number of its chain was sealed with changed places', () => {
  const { findings } = looked([leaf(1), leaf(2, B)], [row(1, B), row(2, A)]);
  expect(findings).toEqual([
    ...found('swapped', 1, 'What stands there was sealed as number 2.').findings,
    ...found('swapped', 2, 'What stands there was sealed as number 1.').findings,
  ]);
});

test('a leaf that stands in two checkpoints was sealed twice, whatever its hash is the second time', () => {
  const twice = found('sealed-twice', 1, 'It is in two checkpoints.');
  expect(looked([leaf(1), leaf(1)], [row(1)])).toEqual(twice);
  expect(looked([leaf(1), leaf(1, B)], [row(1)])).toEqual(twice);
});

describe('a row without a leaf', () => {
  const inserted = found(
    'inserted',
    1,
    'It is in no checkpoint though it is old enough: it was inserted, or its marker was removed before it was sealed.',
  );

  test('is young when it happened after what has to be sealed, and then only counted', () => {
    expect(looked([], [row(1, A, instant(21)), row(2, B, instant(30))])).toEqual(nothing(2));
  });
  test('was counted already when it happened after the last checkpoint', () => {
    expect(looked([], [row(1, A, instant(31)), row(2, B, instant(40))])).toEqual(nothing());
    expect(looked([], [row(1, A, OLD)], { after: null, before: '', last: '' })).toEqual(nothing());
  });
  test('was inserted when it happened before that, at its end, or nobody knows when', () => {
    for (const at of [OLD, instant(20), null])
      expect(looked([], [row(1, A, at)])).toEqual(inserted);
  });
  test('may be in a checkpoint that was not read when it happened before those that were', () => {
    for (const at of [instant(9), instant(10)])
      expect(looked([], [row(1, A, at)])).toEqual(nothing());
    expect(looked([], [row(1, A, instant(9))], { ...SPAN, after: null })).toEqual(inserted);
  });
});

describe('a leaf without a row', () => {
  const gone = (seq: number) => found('deleted', seq, 'It was sealed; there is no such row.');

  test('was deleted when rows of its chain come after it, or none is left', () => {
    expect(looked([leaf(1), leaf(2, B), leaf(3, C)], [row(1), row(3, C)])).toEqual(gone(2));
    const others = [row(2, B, instant(1), 'request#y'), row(1, A, instant(1), 'request#z')];
    expect(looked([leaf(1)], others)).toEqual(gone(1));
  });
  test('was cut off when its chain ends before it', () => {
    const leaves = [leaf(1), leaf(2, B), leaf(3, C)];
    expect(looked(leaves, [row(2, B), row(1)])).toEqual(
      found('cut-off', 3, 'It was sealed; its chain ends at 2 now.'),
    );
  });
});
