/** Comparing roles, the protocol's times, and the bound that follows from them. */
import fc from 'fast-check';
import { rankOf, strongest } from '../../../shared/domain/holding/roles.ts';
import { BOUND_SECONDS, retryDelaySeconds, TIMING } from '../../../shared/domain/holding/timing.ts';

const ROLES = ['member', 'maintainer'];
const rank = rankOf(ROLES);

test('no role ranks below every role, and an unknown one above them all', () => {
  const order = [null, 'member', 'maintainer', 'owner-from-somewhere'];
  expect(order.map(rank)).toEqual([0, 1, 2, 3]);
});

test('the strongest role wins, in any order; without any there is none', () => {
  expect(strongest(ROLES, [])).toBeNull();
  expect(strongest(ROLES, [null, 'member', null])).toBe('member');
  expect(strongest(ROLES, ['one', 'another'])).toBe('one');
  fc.assert(
    fc.property(fc.shuffledSubarray([...ROLES, 'unknown'], { minLength: 1 }), (held) => {
      const best = strongest(ROLES, held);
      expect(held).toContain(best);
      for (const role of held) expect(rank(best)).toBeGreaterThanOrEqual(rank(role));
    }),
  );
});

test('access without a grant is alarmed within six minutes', () => {
  expect(BOUND_SECONDS).toBe(60 + 90 + 60 + 120);
  expect(BOUND_SECONDS).toBeLessThanOrEqual(360);
});

test('a lease outlives the run that holds it, and a settle window outlives every call', () => {
  expect(TIMING.leaseSeconds).toBeGreaterThan(TIMING.runSeconds + TIMING.httpTimeoutSeconds);
  expect(TIMING.settleSeconds).toBeGreaterThan(TIMING.leaseSeconds + TIMING.httpTimeoutSeconds);
});

test('the wait after a fault doubles up to a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((attempts) => retryDelaySeconds(attempts, null))).toEqual([
    5, 10, 20, 40, 60, 60, 60,
  ]);
});

test("the provider's own wish is honoured when it is longer, up to two minutes", () => {
  expect(retryDelaySeconds(1, 30)).toBe(30);
  expect(retryDelaySeconds(5, 30)).toBe(60);
  expect(retryDelaySeconds(1, 3600)).toBe(120);
  expect(retryDelaySeconds(1, 0)).toBe(5);
});
