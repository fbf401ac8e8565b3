/**
 * Every five minutes: one checkpoint over what happened, also when nothing did; then whoever exports is told how far it is. Reads no
 * event and no request; holds no secret. A message that is not sent is made good by the next: export goes back to where it was.
 */
import { type SealDeps, seal } from '../../shared/application/seal.ts';
import type { Queues } from '../../shared/ports.ts';

export function sealFunction(deps: SealDeps & { queues: Queues }) {
  return async (): Promise<void> => {
    const { n, checkpoints, leaves } = await seal(deps);
    deps.telemetry.info('Sealed', { n, checkpoints, leaves });
    if (n > 0) await deps.queues.send('export', { checkpoint: n });
  };
}
