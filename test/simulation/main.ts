/**
 * `npm run simulate -- --seeds N [--start S]`, or `--seed S --verbose` for the trace of one run. `--plant NAME` breaks a
 * rule on purpose, `--kill-table` breaks each (`--only TEXT`: whose names hold it). `--no-alarms` also lists what an alarm would have
 * excused. `--skew SECONDS`: clocks that are off by up to that, in every seed.
 */
import { parseArgs } from 'node:util';
import { killTable } from './kill-table.ts';
import { PLANTS } from './plants.ts';
import { describe, runBatch, violationsOf } from './report.ts';
import { runSeed } from './run-seed.ts';
import { runner } from './runners.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    start: { type: 'string', default: '1' },
    seed: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    plant: { type: 'string' },
    'kill-table': { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    'no-alarms': { type: 'boolean', default: false },
    skew: { type: 'string' },
  },
});

const skewMs = values.skew === undefined ? undefined : Number(values.skew) * 1000;
const plant = PLANTS.find(({ name }) => name === values.plant) ?? null;
if (values.plant !== undefined && !plant)
  throw new Error(`No such plant. There are: ${PLANTS.map(({ name }) => name).join(', ')}`);

if (values['kill-table']) {
  const plants = PLANTS.filter(({ name }) => name.includes(values.only));
  const kills = await killTable(plants, Number(values.seeds), console.log);
  process.exitCode = kills.every(({ by }) => by !== null) ? 0 : 1;
} else if (values.seed !== undefined) {
  const planted = plant ? await runner(plant, skewMs) : null;
  const seed = Number(values.seed);
  const result = planted
    ? await planted.run(seed)
    : await runSeed(seed, { print: values.verbose ? console.log : null, skewMs });
  await planted?.close();
  for (const line of violationsOf(result)) console.log(line);
  console.log(`trace ${result.traceHash}`);
  process.exitCode = result.violations.length > 0 ? 1 : 0;
} else {
  const runners = await Promise.all([runner(plant, skewMs), runner(plant, skewMs)]);
  const range = { from: Number(values.start), count: Number(values.seeds) };
  const batch = await runBatch(range, { lanes: runners.map(({ run }) => run) });
  await Promise.all(runners.map(({ close }) => close()));
  console.log(describe(batch));
  if (values['no-alarms']) for (const what of batch.overBound) console.log(`  unmasked: ${what}`);
  process.exitCode = batch.bad.length > 0 ? 1 : 0;
}
