/**
 * What is counted per human and what they took by break-glass: read for a decision, and the part of its transaction that lets nothing
 * slip in between. One place, so that a decision that counts cannot forget one of them.
 */
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import type { Write } from '../ports.ts';
import { type Alias, aliasWrites } from './accounts-of-humans.ts';
import { type Glass, glassWrites } from './glass.ts';
import { ADDS, type Usage, usageWrites } from './usage.ts';

export type Counted = {
  readonly usage: Usage | null;
  readonly glass: Glass | null;
  /** Keys of the humans that are counted; none where nothing is. */
  readonly aliases: readonly Alias[];
};

export function countedWrites(
  { usage, glass, aliases }: Counted,
  decided: {
    readonly events: readonly AccessRequestEvent[];
    readonly next: KnownRequest;
    readonly now: Date;
  },
): Write[] {
  const { events, now } = decided;
  const adds = events.some(({ type }) => ADDS.has(type));
  return [
    ...glassWrites(glass, events, now),
    ...usageWrites(usage, decided),
    ...(adds ? aliasWrites(aliases, { now, exact: glass !== null }) : []),
  ];
}
