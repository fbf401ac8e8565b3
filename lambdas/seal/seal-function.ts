/** Every five minutes, news or none: seals what happened into one more checkpoint. Signs and writes once; decides nothing. */
import { type SealDeps, seal } from '../../shared/application/seal.ts';

export function sealFunction(deps: SealDeps) {
  return async (): Promise<void> => {
    const { n, checkpoints, leaves } = await seal(deps);
    deps.telemetry.info('Sealed', { n, checkpoints, leaves });
  };
}
