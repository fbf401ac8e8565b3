/** What went wrong last on the way of each holding: whatever outlasts it for long is nobody's fault but the product's. */
import type { Faults } from './faults.ts';
import type { Process } from './processes.ts';

export type Disturbances = {
  note(process: Process, atMs: number): void;
  lastMs(holdingId?: string): number;
};

/** What runs by itself for everybody; what people do is on nobody's way. */
const SHARED: ReadonlySet<string> = new Set(['sweep', 'route']);

export function disturbancesOf(faults: Faults): Disturbances {
  const holdings = new Map<string, number>();
  let shared = 0;
  let any = 0;
  return {
    note({ name, about }, atMs) {
      if (SHARED.has(name)) shared = atMs;
      if (about !== null) holdings.set(about, atMs);
      if (SHARED.has(name) || about !== null) any = atMs;
    },
    lastMs: (holdingId) => {
      const own = holdingId === undefined ? any : (holdings.get(holdingId) ?? 0);
      return Math.max(shared, own, faults.lastStrikeMs());
    },
  };
}
