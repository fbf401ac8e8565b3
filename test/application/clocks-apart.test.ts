/** A call that one function issued is judged by another one's clock: it is over once that is so by any clock that wakes nobody yet. */
import { LARGEST_SKEW_SECONDS } from '../../shared/adapters/clock-watch.ts';
import { ensureHolding } from '../../shared/application/ensure-holding.ts';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';
import { TIMING } from '../../shared/domain/holding/timing.ts';
import { ProviderFault } from '../../shared/ports.ts';
import { containerBench, PLACE } from '../support/container-bench.ts';

const lost = new ProviderFault('No answer.', {
  ...({ code: 'timeout', retryable: true, applied: 'unknown' } as const),
});
/** The provider's, in the bench. */
const INFLIGHT_SECONDS = 40;

test('an unanswered call stays open for as long as the clock that judges it may be ahead', async () => {
  const on = await containerBench();
  on.place.members.set('mal', 'member');
  await on.look();
  on.place.trouble.remove = lost;
  await on.look();
  delete on.place.trouble.remove;
  const id = holdingIdOf({ ...PLACE, login: 'mal-gh' });
  const after = async (seconds: number) => {
    on.wait(seconds);
    await ensureHolding(id, on.ensure);
    return (await on.calm.read('holding', id)).value?.intents.length;
  };
  const usual = INFLIGHT_SECONDS + TIMING.issueSeconds;
  expect(await after(usual + 1)).toBe(1);
  expect(on.place.members.size).toBe(0);
  expect(await after(TIMING.clocksApartSeconds - 2)).toBe(1);
  expect(await after(2)).toBe(0);
});

test('clocks that wake nobody differ by less than that, whole seconds and a slow answer included', () => {
  expect(2 * (LARGEST_SKEW_SECONDS + 1)).toBeLessThan(TIMING.clocksApartSeconds);
});
