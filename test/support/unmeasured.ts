/** The half of a telemetry that most tests have no interest in: nothing is measured, no line gets fields of its own. */
import type { Telemetry } from '../../shared/ports.ts';

export const unmeasured: Pick<Telemetry, 'measure' | 'within'> = {
  measure: () => undefined,
  within: (_fields, run) => run(),
};
