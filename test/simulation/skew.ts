/** Clocks that differ: each function runs in a few containers, and each of them is off by its own bit. Whoever is off by much says so. */
import { LARGEST_SKEW_SECONDS } from '../../shared/adapters/clock-watch.ts';
import type { Process } from './processes.ts';
import { rngOf } from './rng.ts';

const CONTAINERS = 3;
const ALARM_EVERY_MS = 60_000;

export type Skew = {
  /** How far this run's clock is ahead, in milliseconds. */
  of(process: Process): number;
};

/** `onSkewed`: what DynamoDB's answers show to a function whose clock is too far off; once a minute at most. */
export function skewOf(
  seed: number,
  mostMs: number,
  world: { nowMs(): number; onSkewed(): void },
): Skew {
  const rng = rngOf(seed + 2_000_000);
  const containers = new Map<string, number>();
  const running = new Map<Process, number>();
  let alarmedMs = Number.NEGATIVE_INFINITY;
  const containerOf = (process: Process): number => {
    const name = `${process.name} ${rng.between(1, CONTAINERS)}`;
    const known = containers.get(name);
    if (known !== undefined) return known;
    const fresh = rng.pick([rng.between(-mostMs, mostMs), mostMs, -mostMs]);
    containers.set(name, fresh);
    return fresh;
  };
  return {
    of(process) {
      const known = running.get(process);
      if (known !== undefined) return known;
      const offMs = mostMs === 0 ? 0 : containerOf(process);
      running.set(process, offMs);
      const isDue = world.nowMs() - alarmedMs >= ALARM_EVERY_MS;
      if (Math.abs(offMs) > LARGEST_SKEW_SECONDS * 1000 && isDue) {
        alarmedMs = world.nowMs();
        world.onSkewed();
      }
      return offMs;
    },
  };
}
