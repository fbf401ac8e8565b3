/** Every minute: due work to the queues, lapses, alarms, a look at the policy file, and every 15 minutes one for drift and for leavers. */
import { askForDrift } from '../../shared/application/drift.ts';
import { heartbeatOf } from '../../shared/application/heartbeat.ts';
import { type LoaderDeps, policyLoader } from '../../shared/application/policies.ts';
import { type SweepDeps, sweep } from '../../shared/application/sweep.ts';
import { Fault } from '../../shared/ports.ts';

export type SweepParts = SweepDeps & Pick<LoaderDeps, 'source' | 'readPolicy'>;

export function sweepFunction(parts: SweepParts) {
  const load = policyLoader(parts);
  const swept = heartbeatOf(parts.journal, 'sweep');
  const drift = heartbeatOf(parts.journal, 'drift');
  return async (): Promise<void> => {
    try {
      await load({ kind: 'sweep' });
    } catch (error) {
      // A policy that cannot be read leaves the last good one in force; what is due must not wait for it.
      if (!(error instanceof Fault)) throw error;
      parts.telemetry.error('The policy file could not be read', { why: error.message });
    }
    const { due, failed } = await sweep(parts, swept);
    const looked = await askForDrift(parts, drift);
    // Who sweeps holds no Slack token; who announces does.
    if (looked > 0) await parts.queues.send('announce', { lookForLeavers: true });
    if (due > 0) parts.telemetry.info('Swept', { due, failed });
  };
}
