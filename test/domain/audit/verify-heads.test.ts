/** Where records say that their chains stand, held against the rows: ahead, behind, of other rows, of none. */
import type { ChainHead } from '../../../shared/domain/audit/chain.ts';
import { openFindings } from '../../../shared/domain/audit/findings.ts';
import { openStanding } from '../../../shared/domain/audit/verify-heads.ts';
import { instant, TENANT } from '../../support/audit-fixture.ts';

const CHAIN = 'request#x';
const hashOf = (seq: number) => String(seq).repeat(64);
const head = (seq: number, hash = hashOf(seq)): ChainHead => ({ seq, hash });
const SPAN = { before: instant(20) };
const [OLD, YOUNG] = [instant(15), instant(21)];

/** A chain with a row for each instant, and what its record says. */
function compared(stated: ChainHead | null, ...instants: readonly (string | null)[]) {
  const findings = openFindings();
  const standing = openStanding(new Map(stated ? [[CHAIN, stated]] : []), SPAN, findings);
  for (const [i, at] of instants.entries())
    standing.onRow({
      ...{ tenant: TENANT, chain: CHAIN, seq: i + 1, previous: hashOf(i), hash: hashOf(i + 1) },
      event: at === null ? {} : { at },
    });
  if (instants.length > 0) standing.onChain(CHAIN, head(instants.length));
  standing.conclude();
  return findings.list();
}
const found = (code: string, seq: number, what: string) => [
  { code, where: `${CHAIN}/${seq}`, row: { chain: CHAIN, seq }, what },
];

test('a record that stands where its rows end is no finding, old or young', () => {
  for (const at of [OLD, YOUNG, null]) expect(compared(head(2), OLD, at)).toEqual([]);
});

test('rows that a record has and the table has not were cut off, however young the others are', () => {
  for (const at of [OLD, YOUNG])
    expect(compared(head(5), OLD, at)).toEqual(
      found('cut-off', 3, 'Its record says that there are 5.'),
    );
});

describe('a record behind its rows', () => {
  test('is no finding while the last of them is young: it was read before', () => {
    expect(compared(head(1), OLD, YOUNG)).toEqual([]);
    expect(compared(null, YOUNG)).toEqual([]);
  });
  test('is one when the last of them is old, or nobody knows when it happened', () => {
    for (const at of [OLD, instant(20), null]) {
      expect(compared(head(1), YOUNG, at)).toEqual(found('wrong-head', 2, 'Its record says 1.'));
      expect(compared(null, YOUNG, at)).toEqual(found('wrong-head', 2, 'Its record says nothing.'));
    }
  });
  test('is one when it names a row that never stood at its number', () => {
    expect(compared(head(1, hashOf(9)), OLD, YOUNG)).toEqual(
      found('wrong-head', 2, 'Its record says 1.'),
    );
    expect(compared(head(1, hashOf(2)), OLD, YOUNG, YOUNG)).toEqual(
      found('wrong-head', 3, 'Its record says 1.'),
    );
  });
});

test('a record of another row under the last number is wrong, though that row is young', () => {
  expect(compared(head(2, hashOf(9)), OLD, YOUNG)).toEqual(
    found('wrong-head', 2, 'Its record says 2.'),
  );
});

test('a record whose chain has no row at all was left behind by what was deleted', () => {
  expect(compared(head(3))).toEqual(found('deleted', 1, 'Its record says that there are 3.'));
});
