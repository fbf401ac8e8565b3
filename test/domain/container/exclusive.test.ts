/** Who is taken out of an exclusive container at a look: nobody at once, nobody seen only once, and never many. */
import { EXCLUSIVE, type Exclusive, takeTurn } from '../../../shared/domain/container/exclusive.ts';
import { iso, later } from '../../support/samples.ts';

const MINUTE = 60;
const look = (
  known: Exclusive | undefined,
  seen: readonly string[],
  minute: number,
  containerId: string | null = 'c1',
) => takeTurn(known, seen, { now: later(minute * MINUTE), containerId });
const inLine = (accountId: string, minute: number, refusedAt: string | null = null) => ({
  ...{ accountId, since: iso(minute * MINUTE), refusedAt },
});
const known = (changes: Partial<Exclusive> = {}): Exclusive => ({
  since: iso(),
  containerId: 'c1',
  line: [],
  markedAt: null,
  ...changes,
});
const many = (count: number) => Array.from({ length: count }, (_, i) => `a${i}`);

test('the first look puts everybody in the line and touches nobody', () => {
  expect(look(undefined, ['a', 'b'], 0)).toEqual({
    next: known({ line: [inLine('a', 0), inLine('b', 0)] }),
    marked: [],
    isFirst: true,
  });
});

test('another container under the same name is looked at for the first time', () => {
  const before = known({ line: [inLine('a', 0)], markedAt: iso(60) });
  expect(look(before, ['a'], 60, 'c2')).toEqual({
    next: known({ since: iso(3600), containerId: 'c2', line: [inLine('a', 60)] }),
    marked: [],
    isFirst: true,
  });
});

test('who was seen ten minutes ago and still is, is taken out; who is new waits', () => {
  const before = known({ line: [inLine('a', 0)] });
  expect(look(before, ['a', 'b'], 10)).toEqual({
    next: known({ line: [inLine('a', 0), inLine('b', 10)], markedAt: iso(600) }),
    marked: ['a'],
    isFirst: false,
  });
  expect(look(before, ['a'], 9.999)).toEqual({ next: before, marked: [], isFirst: false });
});

test('who is gone leaves the line, and begins anew when they come back', () => {
  const before = known({ line: [inLine('a', 0), inLine('b', 0)] });
  const { next } = look(before, ['b'], 5);
  expect(next.line).toEqual([inLine('b', 0)]);
  expect(look(next, ['a', 'b'], 12).marked).toEqual(['b']);
});

test('two looks within ten minutes take out as many as one', () => {
  const before = known({ line: [inLine('a', 0)], markedAt: iso(20 * MINUTE) });
  expect(look(before, ['a'], 29)).toEqual({ next: before, marked: [], isFirst: false });
  expect(look(before, ['a'], 30).marked).toEqual(['a']);
});

test('at most five go at a look, those who wait longest first', () => {
  const seen = many(7);
  const before = known({ line: seen.map((each) => inLine(each, 0)) });
  const { marked, next } = look(before, seen.toReversed(), 60);
  expect(marked).toEqual(seen.slice(0, 5));
  expect(next.line.map(({ accountId }) => accountId)).toEqual(seen);
});

test('at most fifty wait; the others are seen again when there is room', () => {
  const { next } = look(undefined, many(51), 0);
  expect(next.line.map(({ accountId }) => accountId)).toEqual(many(50));
  expect(EXCLUSIVE.longestLine).toBe(50);
});

test('whom the provider refused to take out is tried again a day later', () => {
  const before = known({ line: [inLine('a', 0, iso(0)), inLine('b', 0)] });
  expect(look(before, ['a', 'b'], 24 * 60 - 1).marked).toEqual(['b']);
  expect(look(before, ['a', 'b'], 24 * 60).marked).toEqual(['a', 'b']);
});
