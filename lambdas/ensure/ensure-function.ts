/** Queue message -> ensureHolding. Deployed twice (grants, removals). The only function with provider credentials; it has no Slack token. */
import * as z from 'zod';
import { ensureHolding } from '../../shared/application/ensure-holding.ts';
import type { EnsureDeps } from '../../shared/application/ensure-run.ts';
import { HoldingId } from '../../shared/domain/access-request/model.ts';

const Message = z.strictObject({ holdingId: HoldingId, again: z.literal(true).optional() });

/** @throws whatever stopped it, after telling the operators: the message comes again */
export const ensureMessage =
  (deps: EnsureDeps) =>
  async (body: unknown): Promise<void> => {
    const { holdingId, again = false } = Message.parse(body);
    try {
      await ensureHolding(holdingId, deps, again);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.telemetry.error('ensure stopped; the message comes again', { holdingId, why });
      throw error;
    }
  };
