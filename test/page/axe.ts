/** axe-core on the page as it stands: every finding that keeps somebody from using it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import * as z from 'zod';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const Results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(
        z.object({ target: z.array(z.unknown()), failureSummary: z.string().nullish() }),
      ),
    }),
  ),
  passes: z.array(z.unknown()),
});

/** `rule: place` for each serious or critical violation. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // The page's own policy forbids foreign scripts; the debugger's door does not go through it.
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(AXE);
  const results = Results.parse(await page.evaluate('axe.run(document)'));
  if (results.passes.length === 0) throw new Error('axe looked at nothing');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`,
      ),
    );
}
