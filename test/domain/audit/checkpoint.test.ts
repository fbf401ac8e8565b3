/** How a checkpoint is made: sorted leaves, roots over them, a number and a time that only go on. */
import {
  buildCheckpoint,
  checkpointHash,
  checkpointMessage,
  checkpointName,
  compareLeaves,
  type Leaf,
  leafLine,
  leavesName,
  leavesText,
} from '../../../shared/domain/audit/checkpoint.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { leafHash, merkleRoot } from '../../../shared/domain/audit/merkle.ts';
import { instant } from '../../support/audit-fixture.ts';

const leaf = (chain: string, seq: number): Leaf => ({
  chain,
  seq,
  hash: sha256(`${chain}/${seq}`),
});
const SORTED = [
  ...[leaf('a#1', 1), leaf('a#1', 2), leaf('a#1', 10)],
  ...[leaf('b#1', 1), leaf('b#1', 7), leaf('c#1', 3)],
];
const facts = { tenant: 'acme', table: 'journal', code: 'c0'.repeat(32) };

test('leaves stand by chain, then by number', () => {
  const [first, second, third, fourth] = SORTED;
  if (!first || !second || !third || !fourth) throw new Error('No leaves');
  expect([compareLeaves(first, second), compareLeaves(third, second)]).toEqual([-1, 8]);
  expect([compareLeaves(third, fourth), compareLeaves(fourth, third)]).toEqual([-1, 1]);
  expect(compareLeaves(first, structuredClone(first))).toBe(0);
});

test('the first checkpoint begins where it ends, over sorted leaves and the last one of each chain', () => {
  const unsorted = SORTED.toReversed();
  const { checkpoint, leaves } = buildCheckpoint(null, unsorted, { ...facts, to: instant(5) });
  expect(leaves).toEqual(SORTED);
  expect(unsorted).toEqual(SORTED.toReversed());
  const rootOf = (list: readonly Leaf[]) => merkleRoot(list.map(leafLine).map(leafHash));
  expect(checkpoint).toEqual({
    ...{ v: 1, n: 1, ...facts, from: instant(5), to: instant(5), size: 6 },
    root: rootOf(SORTED),
    heads: rootOf(SORTED.filter((_, i) => [2, 4, 5].includes(i))),
    previous: '0'.repeat(64),
  });
});

test('the next one follows it, also after a clock that was set back', () => {
  const { checkpoint } = buildCheckpoint(null, [], { ...facts, to: instant(5) });
  const before = { checkpoint, hash: checkpointHash(checkpoint) };
  const next = (minutes: number) =>
    buildCheckpoint(before, [], { ...facts, to: instant(minutes) }).checkpoint;
  expect(next(10)).toMatchObject({
    ...{ n: 2, from: instant(5), to: instant(10), previous: before.hash, size: 0 },
  });
  expect(next(3)).toMatchObject({ from: instant(5), to: instant(5) });
});

test('an event that was marked twice stops the sealer, wherever it stands', () => {
  for (const twice of SORTED)
    expect(() => buildCheckpoint(null, [twice, ...SORTED], { ...facts, to: instant(5) })).toThrow(
      `Event ${twice.chain}/${twice.seq} is marked twice: a marker was written by hand`,
    );
});

test('its hash is that of what is signed; names are in order and hold the root', () => {
  const { checkpoint } = buildCheckpoint(null, SORTED, { ...facts, to: instant(5) });
  expect(checkpointHash(checkpoint)).toBe(sha256(checkpointMessage(checkpoint)));
  expect(checkpointName(7)).toBe('checkpoints/0000000007.json');
  expect(leavesName(checkpoint)).toBe(`leaves/0000000001-${checkpoint.root}.jsonl`);
  expect(leavesText(SORTED.slice(0, 2))).toBe(`${SORTED.slice(0, 2).map(leafLine).join('\n')}\n`);
});
