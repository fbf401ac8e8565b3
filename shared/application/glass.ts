/**
 * What a person took by break-glass: read for a decision about it and written with it, under its revision, so that two asks at once
 * can never both be within the quota, and nobody who owes an overdue review slips through.
 */
import type { Command } from '../domain/access-request/command.ts';
import { GLASS_WEEK_MS } from '../domain/access-request/decide-break-glass.ts';
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { AccessRequest } from '../domain/access-request/model.ts';
import { type Journal, put, type Stored, type Write } from '../ports.ts';

/** Null where the decision has nothing to do with break-glass. */
export async function glassOf(
  journal: Journal,
  command: Command,
  state: AccessRequest,
): Promise<Stored<'glass'> | null> {
  if (command.type === 'RequestAccess')
    return command.breakGlass ? journal.read('glass', command.actor.id) : null;
  if (command.type !== 'ReviewBreakGlass' || state.status === 'new') return null;
  return state.breakGlass ? journal.read('glass', state.requester) : null;
}

/** What was reviewed and is older than a week is forgotten. */
export function glassWrites(
  glass: Stored<'glass'> | null,
  events: readonly AccessRequestEvent[],
  now: Date,
): Write[] {
  if (!glass) return [];
  const since = new Date(now.getTime() - GLASS_WEEK_MS).toISOString();
  const before = glass.value?.taken ?? [];
  const taken = events.reduce(noted, before).filter(({ at, reviewed }) => !reviewed || at > since);
  return [put(glass, { taken })];
}

type Taken = NonNullable<Stored<'glass'>['value']>['taken'];

function noted(taken: Taken, event: AccessRequestEvent): Taken {
  const { requestId, at } = event;
  if (event.type === 'BreakGlassReviewed')
    return taken.map((each) => (each.requestId === requestId ? { ...each, reviewed: true } : each));
  if (event.type !== 'AccessRequested' || event.v !== 2 || !event.breakGlass) return taken;
  const { reviewBy } = event.breakGlass;
  return [...taken, { requestId, at, reviewBy, reviewed: false }];
}
