/**
 * What time it is locally: real time plus an offset that is kept across restarts. Never goes backwards, also when the
 * machine's clock does. While it stands, real time passing is kept aside and counts again once it flows.
 */
import * as z from 'zod';
import { openDurableMap } from './durable-map.ts';

export type LocalTime = {
  now(): number;
  standing(): boolean;
  /** Stops the flow; answers the present instant. */
  stand(): number;
  /** Jumps forward to the instant; the jump is kept before the call returns. */
  moveTo(instant: number): void;
  flow(): void;
  close(): void;
};

export function openLocalTime(file: string | null, realNow: () => number): LocalTime {
  const kept = openDurableMap(file, (value) => z.number().min(0).parse(value));
  let offset = kept.get('offsetMs') ?? 0;
  let last = realNow() + offset;
  let stands = false;
  const now = (): number => {
    if (!stands) last = Math.max(last, realNow() + offset);
    return last;
  };
  return {
    now,
    standing: () => stands,
    stand() {
      const instant = now();
      stands = true;
      return instant;
    },
    moveTo(instant) {
      if (instant <= last) return;
      offset += instant - last;
      last = instant;
      kept.set('offsetMs', offset);
    },
    flow() {
      stands = false;
    },
    close: () => kept.close(),
  };
}
