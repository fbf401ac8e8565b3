/** Every function carries the log and the metrics, and slack starts while a person waits: what they weigh is held here. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';

const ROOT = join(__dirname, '../..');
const BUDGET_BYTES = 42_000;
const METRICS_BYTES = 12_000;
const Built = z.object({ all: z.number(), metrics: z.number(), inputs: z.array(z.string()) });

/** As infra/bundle.ts does; esbuild does not run inside jest's sandbox. */
function built(): z.infer<typeof Built> {
  const script = `
    const { outputs } = require('esbuild').buildSync({
      entryPoints: ['shared/adapters/telemetry.ts'], bundle: true, minify: true, platform: 'node',
      target: 'node24', format: 'esm', mainFields: ['module', 'main'], metafile: true, write: false, outdir: 'none',
    }).metafile;
    const [{ bytes, inputs }] = Object.values(outputs);
    const metrics = Object.entries(inputs).filter(([file]) => file.includes('lambda-powertools/metrics/'));
    console.log(JSON.stringify({ all: bytes, inputs: Object.keys(inputs),
      metrics: metrics.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) }));`;
  const options = { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' } as const;
  return Built.parse(JSON.parse(execFileSync(process.execPath, ['--eval', script], options)));
}

test('log, metrics and redaction keep their size, and bring no SDK client and no middleware engine', () => {
  const { all, metrics, inputs } = built();
  expect(all).toBeLessThanOrEqual(BUDGET_BYTES);
  expect(metrics).toBeGreaterThan(0);
  expect(metrics).toBeLessThanOrEqual(METRICS_BYTES);
  expect(inputs.filter((file) => /@aws-sdk|@smithy|@middy|jmespath/.test(file))).toEqual([]);
});
