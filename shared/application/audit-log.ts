/**
 * Reads the audit log as rows that say what each event is about, oldest first. Streams: in memory are a batch of events and the
 * last few thousand requests and holdings, however much is read. Reads only; whoever lets rows out records it first (record-reading.ts).
 */
import {
  type AboutEvent,
  fits,
  type LoggedEvent,
  type LoggedRow,
  type Narrowing,
  requestIdOf,
} from '../domain/audit/audit-row.ts';
import type { Journal } from '../ports.ts';
import { batchesOf } from './batches.ts';

export type Span = { readonly from: Date; readonly to: Date };

/** Events whose requests and holdings are looked up at the same time. */
const BATCH = 50;
/** What is remembered of those; the events of one request lie close together. */
const REMEMBERED = 4000;

export async function* auditRows(
  journal: Pick<Journal, 'read' | 'eventsBetween'>,
  span: Span,
  only: Narrowing,
): AsyncIterable<LoggedRow> {
  const about = aboutEvents(journal);
  for await (const batch of batchesOf(BATCH, journal.eventsBetween(span.from, span.to))) {
    const rows = batch.map(async (logged) => ({ logged, about: await about(logged) }));
    for (const row of await Promise.all(rows)) if (fits(row, only)) yield row;
  }
}

/** What an event is about. A request that is not there (a refused attempt can name any) leaves it null. */
export function aboutEvents(
  journal: Pick<Journal, 'read'>,
): (logged: LoggedEvent) => Promise<AboutEvent> {
  const requests = remembered(async (id) => {
    const { value } = await journal.read('request', id);
    if (value === null || value.status === 'new') return null;
    const { requestId, requester, subject, entitlement } = value;
    return { requestId, requester, subject, entitlement };
  });
  const holders = remembered(
    async (id) => (await journal.read('holding', id)).value?.subject ?? null,
  );
  return async ({ kind, id, event }) => {
    const requestId = kind === 'request' ? id : requestIdOf(event);
    return {
      request: requestId === null ? null : await requests(requestId),
      holder: kind === 'holding' ? await holders(id) : null,
    };
  };
}

/** Asked once while it is remembered; the least recently made is forgotten first. A failed look-up is not kept. */
export function remembered<T>(look: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return async (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const asked = look(id);
    known.set(id, asked);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
    try {
      return await asked;
    } catch (error) {
      known.delete(id);
      throw error;
    }
  };
}
