/** What a batch of runs showed: violations apart from excess, alarms and faults, so that no figure can hide another. */
import type { SeedResult } from './run-seed.ts';

export type Batch = {
  seeds: number;
  seconds: number;
  granted: number;
  ended: number;
  faults: Map<string, number>;
  alarms: Map<string, number>;
  happened: Map<string, number>;
  excessSeconds: number[];
  healthyExcessSeconds: number[];
  overBound: string[];
  calmSeconds: number;
  bad: SeedResult[];
};
export type RunSeed = (seed: number) => Promise<SeedResult>;

/** Each lane runs one seed at a time; several lanes share the seeds. */
export async function runBatch(
  range: { from: number; count: number },
  options: { lanes: readonly RunSeed[]; stop?: (result: SeedResult) => boolean },
): Promise<Batch> {
  const { lanes, stop = () => false } = options;
  const batch = emptyBatch();
  const began = performance.now();
  let next = range.from;
  let stopped = false;
  const work = async (run: RunSeed) => {
    while (!stopped && next < range.from + range.count) {
      const seed = next;
      next += 1;
      const result = await run(seed);
      add(batch, result);
      stopped ||= stop(result);
    }
  };
  await Promise.all(lanes.map(work));
  batch.bad.sort((one, other) => one.seed - other.seed);
  batch.seconds = (performance.now() - began) / 1000;
  return batch;
}

const emptyBatch = (): Batch => ({
  seeds: 0,
  seconds: 0,
  granted: 0,
  ended: 0,
  faults: new Map(),
  alarms: new Map(),
  happened: new Map(),
  excessSeconds: [],
  healthyExcessSeconds: [],
  overBound: [],
  calmSeconds: 0,
  bad: [],
});

function add(batch: Batch, result: SeedResult): void {
  batch.seeds += 1;
  batch.granted += result.granted;
  batch.ended += result.ended;
  batch.overBound.push(...result.overBound.map((what) => `seed ${result.seed}, ${what}`));
  batch.calmSeconds = Math.max(batch.calmSeconds, result.calmSeconds);
  batch.excessSeconds.push(...result.excessSeconds);
  if (result.healthy) batch.healthyExcessSeconds.push(...result.excessSeconds);
  for (const [name, count] of result.faults) bump(batch.faults, name, count);
  for (const [name, count] of result.alarms) bump(batch.alarms, name, count);
  for (const [name, count] of result.happened) bump(batch.happened, name, count);
  if (result.violations.length > 0) batch.bad.push(result);
}

const bump = (counts: Map<string, number>, name: string, by: number) =>
  counts.set(name, (counts.get(name) ?? 0) + by);
const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export function describe(batch: Batch): string {
  const lines = [
    `seeds ${batch.seeds} in ${seconds(batch.seconds)} (${(batch.seeds / batch.seconds).toFixed(1)}/s)`,
    `grants authorized ${batch.granted}, ended ${batch.ended}`,
    `events: ${listed(batch.happened)}`,
    `faults ${sum(batch.faults)}: ${byKind(batch.faults)}`,
    `alarms ${sum(batch.alarms)} (${(sum(batch.alarms) / Math.max(1, batch.granted)).toFixed(2)} per grant): ${listed(batch.alarms)}`,
    `access beyond its grant: ${distribution(batch.excessSeconds)}`,
    `  in runs without a fault: ${distribution(batch.healthyExcessSeconds)}`,
    `  after the last thing that went wrong on its way: at most ${seconds(batch.calmSeconds)}`,
    `stretches over the bound, alarm or not: ${batch.overBound.length}`,
    `violations in ${batch.bad.length} seeds${byRule(batch.bad)}`,
    ...batch.bad.slice(0, 20).flatMap(violationsOf),
  ];
  return lines.join('\n');
}

const seconds = (value: number) => `${value.toFixed(1)} s`;
const distribution = (held: readonly number[]): string =>
  `${held.length} times, p50 ${seconds(percentile(held, 0.5))}, p99 ${seconds(percentile(held, 0.99))}, max ${seconds(percentile(held, 1))}`;

export const violationsOf = ({ seed, violations }: SeedResult): string[] => [
  ...violations.map(
    ({ rule, what, atSeconds }) => `  seed ${seed}, ${atSeconds.toFixed(1)} s, ${rule}: ${what}`,
  ),
  `  replay: npm run simulate -- --seed ${seed} --verbose`,
];

function byRule(bad: readonly SeedResult[]): string {
  const rules = new Map<string, number>();
  for (const { rule } of bad.flatMap(({ violations }) => violations)) bump(rules, rule, 1);
  return rules.size > 0 ? `: ${listed(rules)}` : '';
}

/** Faults by what went wrong, over all calls. */
function byKind(faults: ReadonlyMap<string, number>): string {
  const kinds = new Map<string, number>();
  for (const [name, count] of faults) bump(kinds, name.split(' ').at(-1) ?? name, count);
  return listed(kinds);
}

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
