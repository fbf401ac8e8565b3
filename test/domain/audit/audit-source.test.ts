/** What a verifier takes for a row, when it happened, and a source that is narrowed to one chain. */
import {
  type AuditRow,
  type AuditSource,
  canonicalRow,
  type FoundRow,
  hasItsHash,
  instantOf,
  isAfter,
  isAuditRow,
  narrowedTo,
} from '../../../shared/domain/audit/audit-source.ts';
import { canonicalJson, type Json } from '../../../shared/domain/audit/canonical-json.ts';
import { hashEvent } from '../../../shared/domain/audit/chain.ts';
import { instant } from '../../support/audit-fixture.ts';

const link = { tenant: 'acme', chain: 'request#x', seq: 1, event: { type: 'X', at: instant(1) } };
const previous = '0'.repeat(64);
const ROW: AuditRow = { ...link, previous, hash: hashEvent(link, previous) };
const withEvent = (event: AuditRow['event']): AuditRow => ({ ...ROW, event });

test('a row has its six fields, each of its own look', () => {
  expect(isAuditRow(ROW)).toBe(true);
  expect(isAuditRow({ ...ROW, seq: 0 })).toBe(true);
});

test.each<[string, unknown]>([
  ...[null, undefined, 7, 'text', [], {}].map((row): [string, unknown] => [String(row), row]),
  ['one with a field more', { ...ROW, more: 1 }],
  ...Object.keys(ROW).map((name): [string, unknown] => {
    const { [name]: _, ...less }: Record<string, unknown> = { ...ROW };
    return [`one without its ${name}`, less];
  }),
  ...Object.keys(ROW).flatMap((name) =>
    [null, true, { a: 1 }, ['e'.repeat(64)], 1.5, ''].flatMap((value): [string, unknown][] => {
      const isFine =
        (name === 'event' &&
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value)) ||
        (['tenant', 'chain'].includes(name) && typeof value === 'string');
      return isFine
        ? []
        : [[`one whose ${name} is ${JSON.stringify(value)}`, { ...ROW, [name]: value }]];
    }),
  ),
  ['one whose hash has capitals', { ...ROW, hash: 'E'.repeat(64) }],
  ['one whose hash is too long', { ...ROW, hash: 'e'.repeat(65) }],
  ['one whose previous hash is too short', { ...ROW, previous: 'e'.repeat(63) }],
])('%s is no row', (_, row) => {
  expect(isAuditRow(row)).toBe(false);
});

test('an event happened when it says so, if it says an instant', () => {
  expect(instantOf(ROW)).toBe(instant(1));
  for (const at of [2026, null, true, 'yesterday', '', [instant(1)]] satisfies Json[])
    expect(instantOf(withEvent({ at }))).toBeNull();
  expect(instantOf(withEvent({}))).toBeNull();
});

test('it is after an instant when it is later; without an instant of its own it never is', () => {
  expect([2, 1, 0].map((minutes) => isAfter(instant(minutes), instant(1)))).toEqual([
    ...[true, false, false],
  ]);
  expect([isAfter(null, instant(1)), isAfter(null, '')]).toEqual([false, false]);
});

test('a row has its hash when no part of it was changed; what canonical JSON cannot carry has none', () => {
  expect(hasItsHash(ROW)).toBe(true);
  expect(canonicalRow(ROW)).toBe(canonicalJson(ROW));
  for (const change of [
    { tenant: 'b' },
    { chain: 'b' },
    { seq: 2 },
    { event: {} },
    { previous: 'e' },
  ])
    expect(hasItsHash({ ...ROW, ...change })).toBe(false);
  const lone = withEvent({ type: '\ud800' });
  expect([hasItsHash(lone), canonicalRow(lone)]).toEqual([false, null]);
});

describe('a source that is narrowed to one chain', () => {
  const found = (chain: string): FoundRow => ({ chain, seq: 1, row: chain, misplaced: null });
  const rowsOf = (...pages: readonly string[][]) =>
    async function* () {
      for (const page of pages) yield page.map(found);
    };
  const source: AuditSource = {
    async *checkpoints() {},
    leaves: async () => null,
    rows: rowsOf(['a', 'b', 'a'], ['b'], ['a']),
    heads: null,
    async *policies() {},
  };
  const read = async (of: AuditSource) => {
    const pages = [];
    for await (const page of of.rows()) pages.push(page.map(({ chain }) => chain));
    return pages;
  };

  test('gives the rows of that chain alone, and all else as it is', async () => {
    const narrowed = narrowedTo(source, 'a');
    expect(await read(narrowed)).toEqual([['a', 'a'], [], ['a']]);
    const { rows: _, ...rest } = source;
    expect(narrowed).toEqual({ ...rest, rows: expect.any(Function) });
  });
  test('is asked for it by index where it has one', async () => {
    const heads = async function* () {};
    const asked: string[] = [];
    const narrowed = narrowedTo(
      {
        ...source,
        narrowed(chain) {
          asked.push(chain);
          return { rows: rowsOf(['by index']), heads };
        },
      },
      'a',
    );
    expect([await read(narrowed), asked]).toEqual([[['by index']], ['a']]);
    expect(narrowed).toMatchObject({ leaves: source.leaves, heads });
  });
});
