/** `npm run build`: every function into infra/dist/. cdk.json runs it before each synth. HALLPASS_POLICY names the policy file. */
import { join } from 'node:path';
import { buildFunctions } from './bundle.ts';
import { checkHandlers, findHandlers } from './handlers.ts';

const root = join(import.meta.dirname, '..');

const kilo = (bytes: number): number => Math.ceil(bytes / 1000);

try {
  checkHandlers(findHandlers(root));
  const built = await buildFunctions({
    root,
    outFolder: join(root, 'infra/dist'),
    policyFile: join(root, process.env['HALLPASS_POLICY'] ?? 'access.yaml'),
  });
  for (const { name, bytes, allBytes } of built)
    console.log(`${name}: ${kilo(bytes)} KB at start, ${kilo(allBytes)} KB in all`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
