import { describe as report, runBatch } from './report.ts';
import { runSeed } from './run-seed.ts';
import { runner } from './runners.ts';

test('the same seed gives the same run, event by event', async () => {
  for (const seed of [7, 11, 42]) {
    const [one, other] = [await runSeed(seed), await runSeed(seed)];
    expect(one.traceHash).toBe(other.traceHash);
    expect(one.granted).toBe(other.granted);
  }
  expect((await runSeed(7)).traceHash).not.toBe((await runSeed(8)).traceHash);
});

test('200 seeds of people, faults and crashes break no invariant', async () => {
  const runners = await Promise.all([runner(null), runner(null)]);
  const batch = await runBatch({ from: 1, count: 200 }, { lanes: runners.map(({ run }) => run) });
  await Promise.all(runners.map(({ close }) => close()));
  console.log(report(batch));
  expect(
    batch.bad.flatMap(({ seed, violations }) => violations.map((each) => ({ seed, ...each }))),
  ).toEqual([]);
  expect(batch.granted).toBeGreaterThan(200);
  expect(batch.ended).toBe(batch.granted);
  expect(batch.faults.size).toBeGreaterThan(50);
  // Whatever is not met is not tested.
  expect(MEANT.filter((type) => !batch.happened.has(type))).toEqual([]);
}, 300_000);

const MEANT: readonly string[] = [
  ...['GrantScheduled', 'GrantStarted', 'GrantNotStarted', 'GrantExtended', 'ExtensionApproved'],
  ...['EverythingStopped', 'StopLifted', 'GrantsPaused', 'GrantsResumed', 'BreakGlassReviewed'],
  ...['ReviewOverdue', 'RequestEscalated', 'ApproversNudged', 'RequestWithdrawn', 'RequestDenied'],
  ...['ExclusiveReported', 'StrangerFound', 'StrangerMarked', 'StrangerRemoved', 'StrangerKept'],
];
