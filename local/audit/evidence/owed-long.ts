/**
 * Break-glass that was owed a review for so long that it began before anything else that is looked at: what nobody reviewed until today,
 * by the index of what is open, and what somebody reviewed only after the period, by the events since. Answers the first event of each; whether
 * its review was owed at the period's end is for who asks.
 */
import { batchesOf } from '../../../shared/application/batches.ts';
import type { LoggedEvent } from '../../../shared/domain/audit/audit-row.ts';
import type { DueItem, Journal } from '../../../shared/ports.ts';

type Log = Pick<Journal, 'eventsBetween' | 'history' | 'allDue' | 'read'>;
/** `before`: what began later is found by its own event. */
type Within = { readonly to: Date; readonly now: Date; readonly before: Date };

/** Read at the same time. */
const BATCH = 50;
/** Further than anything is due. */
const FAR_MS = 366 * 86_400_000;

export async function* owedLong(log: Log, within: Within): AsyncIterable<LoggedEvent> {
  const ids = new Set<string>();
  const far = new Date(within.now.getTime() + FAR_MS);
  for await (const batch of batchesOf(BATCH, log.allDue(far)))
    for (const id of await Promise.all(batch.map((item) => oweds(log, item, within))))
      if (id !== null) ids.add(id);
  for await (const { event } of log.eventsBetween(within.to, within.now))
    if (event.type === 'BreakGlassReviewed') ids.add(event.requestId);
  const begun = await Promise.all([...ids].sort().map((id) => firstOf(log, id)));
  const isOld = ({ event }: LoggedEvent) => event.at < within.before.toISOString();
  yield* begun
    .flat()
    .filter(isOld)
    .sort((one, other) => (one.event.at < other.event.at ? -1 : 1));
}

async function oweds(log: Log, { kind, id }: DueItem, { before }: Within): Promise<string | null> {
  if (kind !== 'request') return null;
  const { value } = await log.read('request', id);
  const isOwed = value !== null && value.status !== 'new' && value.breakGlass && !value.review;
  return isOwed && value.requestedAt < before.toISOString() ? id : null;
}

async function firstOf(log: Log, id: string): Promise<LoggedEvent[]> {
  const [first] = await log.history('request', id);
  return first ? [{ ...first, kind: 'request', id }] : [];
}
