import fc from 'fast-check';
import { placesFilled, type Voter } from '../../../shared/domain/policy/approvals.ts';

const voter = (human: string, ...groups: number[]): Voter => ({ human, groups: new Set(groups) });

test.each<[string, number[], Voter[], number]>([
  ['nobody fills nothing', [1], [], 0],
  ['one of one', [1], [voter('a', 0)], 1],
  ['two of two in one group', [2], [voter('a', 0), voter('b', 0)], 2],
  ['a third of two changes nothing', [2], [voter('a', 0), voter('b', 0), voter('c', 0)], 2],
  ['one human in both groups counts once', [1, 1], [voter('a', 0, 1)], 1],
  ['one human with two accounts counts once', [2], [voter('a', 0), voter('a', 0)], 1],
  ['two accounts, one per group, still count once', [1, 1], [voter('a', 0), voter('a', 1)], 1],
  ['the versatile one steps aside', [1, 1], [voter('a', 0, 1), voter('b', 0)], 2],
  ['a chain of stepping aside', [1, 1, 1], [voter('a', 0, 1), voter('b', 1, 2), voter('c', 0)], 3],
  ['a place that nobody can fill stays open', [1, 1], [voter('a', 0), voter('b', 0)], 1],
  ['somebody of no group fills nothing', [1], [voter('a')], 0],
])('%s', (_, counts, voters, filled) => {
  expect(placesFilled(counts, voters)).toBe(filled);
});

/** Every assignment, tried out: slow and obviously right. */
function best(
  places: readonly number[],
  voters: readonly Voter[],
  used: ReadonlySet<string>,
): number {
  const [place, ...rest] = places;
  if (place === undefined) return 0;
  const without = best(rest, voters, used);
  return voters
    .filter(({ human, groups }) => groups.has(place) && !used.has(human))
    .reduce(
      (most, { human }) => Math.max(most, 1 + best(rest, voters, new Set([...used, human]))),
      without,
    );
}

const someVoters = fc.array(
  fc.record({
    human: fc.constantFrom('a', 'b', 'c', 'd'),
    groups: fc.uniqueArray(fc.nat(2)).map((groups) => new Set(groups)),
  }),
  { maxLength: 6 },
);
const someCounts = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 });

test('the answer is the best of all assignments', () => {
  fc.assert(
    fc.property(someCounts, someVoters, (counts, voters) => {
      const places = counts.flatMap((count, group) => Array<number>(count).fill(group));
      expect(placesFilled(counts, voters)).toBe(best(places, voters, new Set()));
    }),
    { numRuns: 500 },
  );
});

test('the order of the voters changes nothing, one more never lowers, and one human adds one at most', () => {
  fc.assert(
    fc.property(someCounts, someVoters, fc.infiniteStream(fc.nat()), (counts, voters, keys) => {
      const keyed = voters.map((each) => ({ each, key: keys.next().value ?? 0 }));
      const shuffled = keyed.sort((one, other) => one.key - other.key).map(({ each }) => each);
      expect(placesFilled(counts, shuffled)).toBe(placesFilled(counts, voters));
      const fewer = placesFilled(counts, voters.slice(1));
      const added = placesFilled(counts, voters) - fewer;
      expect(added === 0 || added === 1).toBe(true);
    }),
    { numRuns: 300 },
  );
});
