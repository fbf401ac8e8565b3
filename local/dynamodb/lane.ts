/**
 * The undelivered changes of one table, in the order of their commits. `drain` hands the head of the queue, up to 100
 * records, to every consumer and takes it off only when all of them have taken it and the log has forgotten it; until
 * then it tries again, and nothing later overtakes. It ends when the queue is empty or the signal aborts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeRecord } from './change-log.ts';

export type ChangeConsumer = (batch: ChangeRecord[]) => Promise<void>;

export type Lane = {
  readonly table: string;
  readonly queue: ChangeRecord[];
  readonly consumers: ChangeConsumer[];
  /** Attempts in a row that failed on the batch at the head. */
  failures: number;
  running: Promise<void> | null;
  watchers: ((outcome: Outcome) => void)[];
};
type Outcome = 'delivered' | 'failed' | 'stopped';

export type LanePorts = {
  acknowledge(records: readonly ChangeRecord[]): Promise<void>;
  onFailure(table: string, cause: unknown): void;
};

const batchSize = 100;
const backOffMs = [50, 100, 200, 400, 800];
/** A consumer that has not answered by then counts as failed; its batch is delivered again. */
const consumerTimeoutMs = 60_000;

export function createLane(table: string): Lane {
  return { table, queue: [], consumers: [], failures: 0, running: null, watchers: [] };
}

export function isUndelivered(lane: Lane): boolean {
  return lane.consumers.length > 0 && lane.queue.length > 0;
}

export async function drain(lane: Lane, ports: LanePorts, signal: AbortSignal): Promise<void> {
  while (isUndelivered(lane) && !signal.aborted) {
    const batch = lane.queue.slice(0, batchSize);
    const served = new Set<ChangeConsumer>();
    while (!(await attempt(lane, { batch, served }, ports))) {
      const wait = backOffMs[Math.min(lane.failures, backOffMs.length) - 1];
      await sleep(wait, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
    }
  }
}

/** Consumers that took the batch are in `served`: a retry is for the others only. */
async function attempt(
  lane: Lane,
  { batch, served }: { batch: ChangeRecord[]; served: Set<ChangeConsumer> },
  ports: LanePorts,
): Promise<boolean> {
  try {
    // Again for a consumer that subscribed while the others were at work.
    while (lane.consumers.some((consumer) => !served.has(consumer))) {
      await deliver(lane, batch, served);
    }
    await ports.acknowledge(batch);
  } catch (cause) {
    lane.failures += 1;
    ports.onFailure(lane.table, cause);
    tell(lane, 'failed');
    return false;
  }
  lane.queue.splice(0, batch.length);
  lane.failures = 0;
  tell(lane, 'delivered');
  return true;
}

async function deliver(
  lane: Lane,
  batch: readonly ChangeRecord[],
  served: Set<ChangeConsumer>,
): Promise<void> {
  const waiting = lane.consumers.filter((consumer) => !served.has(consumer));
  const results = await Promise.allSettled(
    waiting.map(async (consumer) => {
      await withinTime(consumer([...batch]));
      served.add(consumer);
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function withinTime(work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = sleep(consumerTimeoutMs, undefined, { signal: timer.signal, ref: false }).then(
    () => {
      throw new Error(`The consumer did not answer within ${consumerTimeoutMs} ms`);
    },
    () => {},
  );
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

/** Waits for an empty lane; a lane that fails is given the retry that is due, and no more. */
export async function settleLane(lane: Lane): Promise<'empty' | 'failing'> {
  let failedBefore = lane.failures > 0;
  while (isUndelivered(lane)) {
    const outcome = await new Promise<Outcome>((resolve) => lane.watchers.push(resolve));
    if (outcome === 'stopped' || (outcome === 'failed' && failedBefore)) return 'failing';
    failedBefore = outcome === 'failed';
  }
  return 'empty';
}

export function tell(lane: Lane, outcome: Outcome): void {
  const watchers = lane.watchers;
  lane.watchers = [];
  for (const watcher of watchers) watcher(outcome);
}
