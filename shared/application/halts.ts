/**
 * Whether anything new may be given now: the red button, and the pauses of everything and of one provider. Who gives access reads
 * all three and has them checked in the transaction of what it decides, so that a switch beats whatever had not landed before it.
 */
import type { Halted } from '../domain/access-request/command.ts';
import { check, type Journal, type Stored, type Write } from '../ports.ts';

export const EVERYTHING = 'all';

/** Later than any access reaches: what is due before it is all that is open. */
export const farAhead = (now: Date): Date => new Date(now.getTime() + 2 * 366 * 86_400_000);

export type Halts = {
  readonly stop: Stored<'stop'>;
  readonly pauses: readonly [Stored<'pause'>, Stored<'pause'>];
};

export async function readHalts(journal: Journal, provider: string): Promise<Halts> {
  const [stop, all, own] = await Promise.all([
    journal.read('stop', EVERYTHING),
    journal.read('pause', EVERYTHING),
    journal.read('pause', provider),
  ]);
  return { stop, pauses: [all, own] };
}

export const stoppedBy = ({ stop }: Pick<Halts, 'stop'>): string | null =>
  stop.value?.standing?.confirmedBy ?? null;

export function haltedBy({ stop, pauses }: Halts): Halted | null {
  const standing = stop.value?.standing;
  if (standing) return { code: 'everything-stopped', since: standing.since };
  const paused = pauses.find(({ value }) => value?.paused);
  return paused?.value ? { code: 'grants-paused', scope: paused.id, since: paused.value.at } : null;
}

export const haltChecks = ({ stop, pauses }: Halts): Write[] => [stop, ...pauses].map(check);
