/** Queue message -> ensureHolding, a look for drift, or the red button's first walk. Deployed twice (grants, removals). The only function with provider credentials; it has no Slack token. */
import * as z from 'zod';
import { lookForDrift } from '../../shared/application/drift.ts';
import { endAtOnce } from '../../shared/application/end-at-once.ts';
import { ensureHolding } from '../../shared/application/ensure-holding.ts';
import type { EnsureDeps } from '../../shared/application/ensure-run.ts';
import { HoldingId } from '../../shared/domain/access-request/model.ts';

const Message = z.union([
  z.strictObject({ holdingId: HoldingId, again: z.literal(true).optional() }),
  z.strictObject({
    container: z.strictObject({ provider: z.string(), kind: z.string(), resource: z.string() }),
  }),
  z.strictObject({ redButton: z.literal(true) }),
]);
type Message = z.infer<typeof Message>;

/** @throws whatever stopped it, after telling the operators: the message comes again */
export const ensureMessage =
  (deps: EnsureDeps) =>
  async (body: unknown): Promise<void> => {
    const message = Message.parse(body);
    await deps.telemetry.within(message, () => carriedOut(message, deps));
  };

async function carriedOut(message: Message, deps: EnsureDeps): Promise<void> {
  try {
    if ('redButton' in message) await endAtOnce(deps);
    else if ('container' in message) await lookForDrift(message.container, deps);
    else await ensureHolding(message.holdingId, deps, message.again);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    deps.telemetry.error('ensure stopped; the message comes again', { why });
    throw error;
  }
}
