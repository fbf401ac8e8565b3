/** Queue -> ensureHolding. Deployed twice (grants, removals). The only function with provider credentials; it has no Slack token. */
import { ensureHolding } from '../../shared/application/ensure-holding.ts';
import type { EnsureDeps } from '../../shared/application/ensure-run.ts';
import { HoldingMessage, queueFunction, type SqsFunction } from '../queue-batch.ts';

export const ensureFunction = (deps: EnsureDeps): SqsFunction =>
  queueFunction(HoldingMessage, async ({ holdingId }) => {
    try {
      await ensureHolding(holdingId, deps);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.telemetry.error('ensure stopped; the message comes again', { holdingId, why });
      throw error;
    }
  });
