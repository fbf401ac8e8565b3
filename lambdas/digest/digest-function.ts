/** Every five minutes: makes the day's digests when they are due and asks announce to post them. Holds no secret. */
import { type DigestDeps, digest } from '../../shared/application/digest.ts';

export function digestFunction(deps: DigestDeps) {
  return async (): Promise<void> => {
    const { made, skipped, asked } = await digest(deps);
    if (made + asked > 0) deps.telemetry.info('Digests', { made, skipped, asked });
  };
}
