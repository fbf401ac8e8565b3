/** What differs is read again a few chains at a time: each once, all of it, and no longer than there is something to be said. */
import type { AuditSource, FoundRow } from '../../../shared/domain/audit/audit-source.ts';
import { hashEvent } from '../../../shared/domain/audit/chain.ts';
import { about, type FindingCode, openFindings } from '../../../shared/domain/audit/findings.ts';
import { lookAgain } from '../../../shared/domain/audit/look-again.ts';
import { SUMS, sumOf } from '../../../shared/domain/audit/multiset.ts';
import { instant, TENANT } from '../../support/audit-fixture.ts';
import { HELD, HOLDING } from '../../support/recorded-log.ts';

const PREVIOUS = '0'.repeat(64);
const rowOf = (chain: string, minutes: number): FoundRow => {
  const link = { tenant: TENANT, chain, seq: 1, event: { type: 'X', at: instant(minutes) } };
  const row = { ...link, previous: PREVIOUS, hash: hashEvent(link, PREVIOUS) };
  return { chain, seq: 1, row, misplaced: null };
};
const CHAINS = Array.from({ length: 12 }, (_, i) => `container#${i}`);
const SPAN = { after: null, before: instant(10), last: instant(20) };
/** So large a log that this many sums are looked at in one look. */
const sizeFor = (sums: number) => (SUMS * 200_000) / sums;

type Asked = {
  readonly sums?: number;
  readonly chains?: readonly string[];
  readonly minutes?: number;
  readonly found?: FindingCode;
  readonly source?: Partial<AuditSource>;
};
async function looked({ sums = 1, chains = CHAINS, minutes = 15, found, source = {} }: Asked) {
  const findings = openFindings();
  if (found) findings.add(about(found, 'before', ''));
  let [reads, pages] = [0, 0];
  const young = await lookAgain(
    {
      source: {
        async *checkpoints() {},
        leaves: async () => null,
        async *rows() {
          reads += 1;
          yield CHAINS.map((chain) => rowOf(chain, minutes));
        },
        heads: null,
        async *policies() {},
        ...source,
      },
      ...{ signatures: { isSigned: () => true }, since: null, findings, isFolded: true },
      differing: chains.map(sumOf),
      size: sizeFor(sums),
      isWanted: () => true,
      onPage: () => {
        pages += 1;
      },
    },
    SPAN,
  );
  const codes = findings.list().map(({ code, where }) => `${code} ${where}`);
  return { young, reads, pages, codes };
}
const clean = { codes: [] };

test('the fixture has a sum of its own for each chain', () => {
  expect(new Set(CHAINS.map(sumOf)).size).toBe(CHAINS.length);
});

test('nothing is read again where nothing differs', async () => {
  expect(await looked({ chains: [] })).toEqual({ ...clean, young: 0, reads: 0, pages: 0 });
});

test.each([
  [1, 12, 12],
  [2, 12, 6],
  [2, 5, 3],
  [5, 12, 3],
  [12, 12, 1],
  [4096, 12, 1],
  [0.01, 3, 3],
])(
  '%d sums in a look make of %d that differ %d looks, and each chain is met once',
  async (...[sums, count, looks]) => {
    const chains = CHAINS.slice(0, count);
    expect(await looked({ sums, chains })).toEqual({
      ...{ ...clean, young: count, reads: looks, pages: looks },
    });
  },
);

test('a log without a row is looked at all the same: something is said to be there', async () => {
  expect(
    await looked({ sums: Number.POSITIVE_INFINITY, chains: CHAINS.slice(0, 2) }),
  ).toMatchObject({
    ...{ reads: 1, young: 2 },
  });
});

test('after eight looks enough was found, if it was tampering', async () => {
  expect(await looked({ minutes: 5 })).toMatchObject({
    reads: 8,
    codes: CHAINS.slice(0, 8).map((chain) => `inserted ${chain}/1`),
  });
  expect(await looked({ found: 'altered' })).toMatchObject({ reads: 8, young: 8 });
  for (const found of ['checkpoint-late', 'unreadable-row'] as const)
    expect(await looked({ found })).toMatchObject({ reads: 12, young: 12 });
  expect(await looked({ found: 'altered', chains: CHAINS.slice(0, 8) })).toMatchObject({
    reads: 8,
  });
});

test('records are asked about where the source has them, and only those that differ', async () => {
  const heads = async function* () {
    yield CHAINS.map((chain) => ({ chain, seq: 3, hash: PREVIOUS }));
    yield [
      { chain: 'container#gone', seq: 1, hash: PREVIOUS },
      { chain: CHAINS[0] ?? '', seq: 0, hash: '' },
    ];
  };
  const chains = CHAINS.slice(0, 1);
  expect((await looked({ chains })).codes).toEqual([]);
  expect((await looked({ chains, source: { heads } })).codes).toEqual([`cut-off ${chains[0]}/2`]);
  expect((await looked({ chains: ['container#gone'], source: { heads } })).codes).toEqual([
    'deleted container#gone/1',
  ]);
});

test('what a record says of chains that do not differ is not asked about', async () => {
  const value = { ...HELD, grants: HELD.grants.slice(0, 1) };
  const heads = async function* () {
    yield [{ chain: HOLDING, seq: 7, hash: PREVIOUS, value }];
  };
  const listed = `request#${HELD.grants[0]?.grantId}`;
  expect((await looked({ chains: ['container#other'], source: { heads } })).codes).toEqual([]);
  expect((await looked({ chains: [listed], source: { heads } })).codes).toEqual([
    `record-altered record of ${HOLDING}`,
  ]);
});
