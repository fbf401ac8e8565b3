/**
 * Reading the audit log is on record as well: that it began before the first row leaves, and what it was when it is over. Without
 * the first record nothing is read. What is done with the log stands in one chain a UTC day; somebody faster means once more.
 */
import type { AdministrationEvent } from '../domain/audit/model.ts';
import { type Clock, Fault, type Ids, type Journal, put, type Write } from '../ports.ts';

export type RecordDeps = { journal: Journal; clock: Clock; ids: Ids };
type Started = Extract<AdministrationEvent, { type: 'AuditReadStarted' }>;
export type Reading = Omit<Started, 'type' | 'v' | 'at' | 'actor' | 'readId'>;

const TRIES = 10;
const OPERATOR = { kind: 'operator' as const };

/** Answers the reading's id. @throws Fault when it could not be recorded: then nothing may be read */
export async function beginReading(deps: RecordDeps, reading: Reading): Promise<string> {
  const readId = deps.ids.unique();
  await administer(deps, async (about) => ({
    events: [{ type: 'AuditReadStarted', ...about, readId, ...reading }],
  }));
  return readId;
}

export const endReading = (
  deps: RecordDeps,
  read: { readId: string; events: number; sha256: string },
): Promise<void> =>
  administer(deps, async (about) => ({
    events: [{ type: 'AuditReadFinished', ...about, ...read }],
  }));

type About = Pick<Started, 'v' | 'at' | 'actor'>;
export type Administered = { events: AdministrationEvent[]; writes?: readonly Write[] };

/** Writes events into the chain of the day, together with what they are about; decided anew at each try. */
export async function administer(
  deps: Pick<RecordDeps, 'journal' | 'clock'>,
  decide: (about: About) => Promise<Administered>,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const now = deps.clock.now();
    const at = now.toISOString();
    const day = at.slice(0, 10);
    const base = await deps.journal.read('administration', day);
    const { events, writes = [] } = await decide({ v: 1, at, actor: OPERATOR });
    if (events.length === 0) return;
    const committed = await deps.journal.commit([put(base, { day }, events), ...writes], now);
    if (committed.committed) return;
  }
  throw new Fault('Too much happens at once with the audit log. Try again.', {
    service: 'journal',
    retryable: true,
  });
}
