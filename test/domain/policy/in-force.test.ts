/** While a wider file waits, both must allow what the product itself lets people do. */
import {
  barredByAny,
  inForce,
  longestOf,
  sameHumanBy,
} from '../../../shared/domain/policy/in-force.ts';
import { ANA, BO, CY, policy, written } from './given.ts';

const [now, next] = [policy(), policy({ widening_delay: '2h' })];

test('the file in force comes first, then the one that waits', () => {
  expect(inForce({ policy: now })).toEqual([now]);
  expect(inForce({ policy: now, pending: { policy: next } })).toEqual([now, next]);
});

test.each<[string, string | null, string | null, string | null]>([
  ['neither', null, null, null],
  ['the one in force', 'a', null, 'a'],
  ['the one that waits', null, 'b', 'b'],
  ['both: the first is told', 'a', 'b', 'a'],
])('against it speaks %s', (_, first, second, said) => {
  expect(barredByAny([now, next], (asked) => (asked === now ? first : second))).toBe(said);
});

test('two are one human as soon as one of the files says so', () => {
  const bo = { ...written.people.bo, accounts: { github: 'ANA-dev' } };
  const facts = { evidence: new Map(), linkedAccounts: new Map() };
  const shared = policy({ people: { ...written.people, bo } });
  for (const both of [
    [now, shared],
    [shared, now],
  ] as const) {
    const isSame = sameHumanBy(both, facts);
    expect([isSame(ANA, BO), isSame(ANA, CY)]).toEqual([true, false]);
  }
  expect(sameHumanBy([now], facts)(ANA, BO)).toBe(false);
});

test('the longest of their delays counts', () => {
  const delay = ({ widening_delay }: typeof now) => widening_delay;
  expect([longestOf([now, next], delay), longestOf([next, now], delay)]).toEqual([7200, 7200]);
});
