/** Every five minutes: one checkpoint over what happened, also when nothing did. Reads no event and no request; holds no secret. */
import { type SealDeps, seal } from '../../shared/application/seal.ts';

export function sealFunction(deps: SealDeps) {
  return async (): Promise<void> => {
    const { n, checkpoints, leaves } = await seal(deps);
    deps.telemetry.info('Sealed', { n, checkpoints, leaves });
  };
}
