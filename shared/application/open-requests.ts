/** Everything that is open, from the index of due work, each request read again: lists may be a moment old. Decides nothing. */
import type { KnownRequest } from '../domain/access-request/model.ts';
import type { DueItem, Journal } from '../ports.ts';
import { batchesOf } from './batches.ts';
import { farAhead } from './halts.ts';

type OpenJournal = Pick<Journal, 'read' | 'allDue'>;
const BATCH = 25;

const OPEN: ReadonlySet<KnownRequest['status']> = new Set([
  ...(['pending', 'scheduled', 'activating', 'active'] as const),
]);

/** What somebody holds, asked for or is to have. */
export async function openOf(
  journal: OpenJournal,
  whose: string,
  now: Date,
): Promise<KnownRequest[]> {
  const found: KnownRequest[] = [];
  for await (const state of allOpen(journal, now))
    if (state.subject === whose || state.requester === whose) found.push(state);
  return found;
}

/** Each once: what waits, what is approved ahead, what is live. @throws Fault */
export async function* allOpen(journal: OpenJournal, now: Date): AsyncIterable<KnownRequest> {
  const seen = new Set<string>();
  for await (const batch of batchesOf(BATCH, journal.allDue(farAhead(now)))) {
    const ids = await Promise.all(batch.map((item) => requestIdsIn(journal, item)));
    const stored = await Promise.all(ids.flat().map((id) => journal.read('request', id)));
    for (const { value } of stored) {
      if (!value || value.status === 'new' || !OPEN.has(value.status)) continue;
      if (!seen.has(value.requestId)) yield value;
      seen.add(value.requestId);
    }
  }
}

async function requestIdsIn(journal: OpenJournal, { kind, id }: DueItem): Promise<string[]> {
  if (kind === 'request') return [id];
  if (kind !== 'holding') return [];
  const { value } = await journal.read('holding', id);
  return value?.grants.map(({ grantId }) => grantId) ?? [];
}
