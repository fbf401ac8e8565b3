/**
 * What the provider stand-ins held when each request was made, for "before and now". Noted when the request's first event
 * leaves the journal, hence before anything can have been granted; survives a restart. Only for looking at.
 */
import { join } from 'node:path';
import * as z from 'zod';
import { openDurableMap } from '../durable-map.ts';
import type { ProviderStates } from '../provider-states.ts';

const KEPT = 300;
const States = z.record(
  z.string(),
  z.record(z.string(), z.array(z.object({ account: z.string(), role: z.string() }))),
);

export type ProviderHistory = {
  note(requestId: string): void;
  /** Null for a request that nobody saw being made. */
  before(requestId: string): ProviderStates | null;
  close(): void;
};

export function openProviderHistory(
  dataDir: string | null,
  now: () => ProviderStates,
): ProviderHistory {
  const kept = openDurableMap(dataDir && join(dataDir, 'providers-before.jsonl'), (value) =>
    States.parse(value),
  );
  return {
    note(requestId) {
      if (kept.has(requestId)) return;
      kept.set(requestId, now());
      const surplus = kept.size - KEPT;
      if (surplus > 0) for (const [old] of kept.entries().slice(0, surplus)) kept.delete(old);
    },
    before: (requestId) => kept.get(requestId) ?? null,
    close: () => kept.close(),
  };
}
