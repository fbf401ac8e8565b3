/** What a source says about a row beside the row itself, and a source that reads by index what happened since an instant. */
import type { FoundRow } from '../../../shared/domain/audit/audit-source.ts';
import { leafLine } from '../../../shared/domain/audit/checkpoint.ts';
import { verifyAudit } from '../../../shared/domain/audit/verify.ts';
import { parseLeaves } from '../../../shared/domain/audit/verify-checkpoints.ts';
import { auditLog, contentOf, instant, openKeys, sourceOf } from '../../support/audit-fixture.ts';

const keys = openKeys();
const clean = auditLog(keys);

describe('a line that is cut and not parsed', () => {
  const story = new Map([
    ['request#x', [1, 2].map((minute) => ({ minute, event: { type: 'X' } }))],
  ]);
  const small = auditLog(keys, story, 10);
  const withRows = (change: (found: FoundRow, i: number) => FoundRow) =>
    verifyAudit({
      source: {
        ...sourceOf(small),
        async *rows() {
          for await (const page of sourceOf(small).rows()) yield page.map(change);
        },
      },
      ...{ signatures: keys.signatures, key: 'k', contentOf },
    });

  test('counts at its own place alone, and where nothing is wrong with that', async () => {
    small.policies.clear();
    expect((await withRows((found) => found)).status).toBe('ok');
    const hidden = await withRows((found) => ({ ...found, misplaced: 'Nowhere.' }));
    expect(hidden.findings).toMatchObject([{ code: 'wrong-place' }, { code: 'wrong-place' }]);
    const moved = await withRows((found, i) => (i === 1 ? { ...found, seq: 7 } : found));
    expect(moved.findings).toContainEqual(
      expect.objectContaining({ code: 'swapped', where: 'request#x/7' }),
    );
    const elsewhere = await withRows((found, i) => (i === 1 ? { ...found, chain: 'x#y' } : found));
    expect(elsewhere.findings).toContainEqual(
      expect.objectContaining({ code: 'swapped', where: 'x#y/2' }),
    );
    // It would follow there: nothing stands before it.
    const first = await withRows((found, i) => (i === 0 ? { ...found, chain: 'x#y' } : found));
    expect(first.findings).toContainEqual(
      expect.objectContaining({ code: 'swapped', where: 'x#y/1' }),
    );
  });
});

test('a record that hides from an index is named', async () => {
  const source = sourceOf(clean);
  const { findings } = await verifyAudit({
    source: {
      ...source,
      async *heads() {
        for await (const page of source.heads?.() ?? [])
          yield page.map((head) =>
            head.chain === 'request#request-1' ? { ...head, misplaced: 'Hidden.' } : head,
          );
      },
    },
    ...{ signatures: keys.signatures, key: 'k', contentOf },
  });
  expect(findings).toMatchObject([{ code: 'wrong-place', where: 'record of request#request-1' }]);
});

describe('a source with an index', () => {
  const asked: string[][] = [];
  const since = async (instantSince: string, reads: readonly string[] | null) => {
    const source = sourceOf(clean);
    const only = (chain: string) => !reads || reads.includes(chain);
    const report = await verifyAudit({
      source: {
        ...source,
        async since({ chains }) {
          asked.push([...chains]);
          if (!reads) return null;
          return {
            policies: () => source.policies(),
            async *rows() {
              for await (const page of source.rows()) yield page.filter(({ chain }) => only(chain));
            },
            async *heads() {
              for await (const page of source.heads?.() ?? [])
                yield page.filter(({ chain }) => only(chain));
            },
          };
        },
      },
      ...{ signatures: keys.signatures, key: 'k', contentOf, since: instantSince },
    });
    return { report, chains: asked.at(-1) ?? [] };
  };

  test('is asked for the chains that were sealed since, and for what says which policy is in force', async () => {
    const { report, chains } = await since(instant(20), null);
    expect(report.status).toBe('ok');
    const sealed = new Set<string>();
    for (const [name, text] of clean.leaves)
      if (Number(name.slice('leaves/'.length, 'leaves/'.length + 10)) >= 4)
        for (const leaf of parseLeaves(text) ?? []) sealed.add(leaf.chain);
    expect(chains.toSorted()).toEqual([...sealed, 'policy#active'].sort());
    expect(sealed.size).toBeGreaterThan(2);
    expect((await since(instant(20), chains)).report).toMatchObject({ status: 'ok', findings: [] });
  });

  test('that leaves out a chain which was sealed since is found out', async () => {
    const { chains } = await since(instant(20), null);
    const [left] = chains.filter((chain) => chain !== 'policy#active');
    const { report } = await since(
      instant(20),
      chains.filter((chain) => chain !== left),
    );
    expect(report.findings[0]).toMatchObject({ code: 'deleted' });
  });
});

test('a leaf whose chain is written with an escape is read as JSON reads it; where that was needless, or its number is written another way, it is no leaf', () => {
  const leaf = { chain: 'request#a"b', hash: '0'.repeat(64), seq: 1 };
  expect(parseLeaves(`${leafLine(leaf)}\n`)).toEqual([leaf]);
  const needless = leafLine({ ...leaf, chain: 'request#A' }).replace('#A', '#\\u0041');
  expect(parseLeaves(`${needless}\n`)).toBeNull();
  for (const seq of ['01', '1e0', '1.0', ' 1', '-1'])
    for (const chain of ['request#a', leaf.chain])
      expect(
        parseLeaves(`${leafLine({ ...leaf, chain }).replace(':1}', `:${seq}}`)}\n`),
      ).toBeNull();
});
