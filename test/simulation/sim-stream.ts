/** The journal's change stream: at least once, late, again while its reader fails, sometimes lost. */
import type { JournalChange } from '../../shared/application/route.ts';
import { isChainKind } from '../../shared/domain/records.ts';
import type { Write } from '../../shared/ports.ts';
import type { Faults } from './faults.ts';
import type { Outcome, Process, Processes } from './processes.ts';
import type { Rng } from './rng.ts';
import type { VirtualTime } from './virtual-time.ts';

const ROUTE_SECONDS = 30;
const RETRIES = 10;

export function simStream(
  world: { processes: Processes; time: VirtualTime; rng: Rng; faults: Faults },
  read: (changes: readonly JournalChange[], process: Process) => Promise<unknown>,
): (writes: readonly Write[]) => void {
  const { processes, time, rng, faults } = world;
  const routed = (changes: readonly JournalChange[], tries: number) =>
    time.after(rng.between(100, 1200) + tries * 1000, () =>
      processes.spawn(
        'route',
        ROUTE_SECONDS,
        (process) => read(changes, process),
        (outcome: Outcome) => {
          if (outcome !== 'done' && tries < RETRIES) routed(changes, tries + 1);
        },
      ),
    );
  return (writes) => {
    const changes = changesIn(writes);
    if (changes.length === 0 || faults.sweepOnly || faults.strikes('stream.lost')) return;
    routed(changes, 0);
    if (faults.strikes('stream.duplicate', 2)) routed(changes, 0);
  };
}

const changesIn = (writes: readonly Write[]): JournalChange[] =>
  writes.flatMap(({ kind, id, head, events }) =>
    isChainKind(kind)
      ? events.map((_, index) => ({
          eventName: 'INSERT' as const,
          ...{ kind, id, seq: head.seq + index + 1 },
        }))
      : [],
  );
