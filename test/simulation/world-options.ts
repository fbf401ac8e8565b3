/** How one simulated company differs from another. */
import type { Faults, Lean } from './faults.ts';

export type WorldOptions = {
  faultsEndMs: number;
  print: ((line: string) => void) | null;
  faults?: Faults;
  lean?: Lean | undefined;
  exclusive?: boolean | undefined;
  /** How far the clock of a function may be off. */
  skewMs?: number | undefined;
  /** Requests are drawn in Slack, which finds a post of the same name again or makes it twice. */
  cards?: 'found-again' | 'made-twice' | null;
  /** The longest that the index of what is due takes for a change. */
  indexLagMs?: number | undefined;
};
