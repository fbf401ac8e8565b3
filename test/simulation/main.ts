/** `npm run simulate -- --seeds N [--start S]`, or `--seed S --verbose` for the trace of one run. */
import { parseArgs } from 'node:util';
import { describe, runBatch, violationsOf } from './report.ts';
import { runSeed } from './run-seed.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    start: { type: 'string', default: '1' },
    seed: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

if (values.seed !== undefined) {
  const result = await runSeed(Number(values.seed), values.verbose ? console.log : null);
  for (const line of violationsOf(result)) console.log(line);
  console.log(`trace ${result.traceHash}`);
  process.exitCode = result.violations.length > 0 ? 1 : 0;
} else {
  const batch = await runBatch({ from: Number(values.start), count: Number(values.seeds) });
  console.log(describe(batch));
  process.exitCode = batch.bad.length > 0 ? 1 : 0;
}
