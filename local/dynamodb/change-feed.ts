/**
 * The delivering half of the change feed: one lane per table. At least once and in order: what was not taken stays in
 * the log and comes again, after a restart too. Tables that nobody reads keep their newest records only.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeRecord } from './change-log.ts';
import {
  type ChangeConsumer,
  createLane,
  drain,
  isUndelivered,
  type Lane,
  type LanePorts,
  settleLane,
  tell,
} from './lane.ts';

export type ChangeFeed = {
  /** Delivers from the oldest record that is left; a consumer that throws gets its batch again. */
  subscribe(table: string, consumer: ChangeConsumer): void;
};

export type Delivery = ChangeFeed & {
  /** Takes over records that are durable already. */
  enqueue(records: readonly ChangeRecord[]): Promise<void>;
  settled(): Promise<void>;
  /** No further delivery; waits for the consumers at work, but not for long. */
  stop(): Promise<void>;
};

const unreadLimit = 10_000;
const stopWaitMs = 2000;

export function createDelivery(ports: LanePorts): Delivery {
  const lanes = new Map<string, Lane>();
  const stopping = new AbortController();
  const laneOf = (table: string): Lane => {
    const lane = lanes.get(table) ?? createLane(table);
    lanes.set(table, lane);
    return lane;
  };
  const wake = (lane: Lane) => {
    if (lane.running !== null || stopping.signal.aborted || !isUndelivered(lane)) return;
    lane.running = drain(lane, ports, stopping.signal).finally(() => {
      lane.running = null;
      wake(lane);
    });
  };
  return {
    subscribe(table, consumer) {
      laneOf(table).consumers.push(consumer);
      wake(laneOf(table));
    },
    async enqueue(records) {
      const touched = new Set(records.map(({ table }) => laneOf(table)));
      for (const record of records) laneOf(record.table).queue.push(record);
      for (const lane of touched) {
        const forgotten = forgetUnread(lane);
        if (forgotten.length > 0) await ports.acknowledge(forgotten);
        wake(lane);
      }
    },
    settled: () => settleAll(lanes, stopping.signal),
    async stop() {
      stopping.abort();
      for (const lane of lanes.values()) tell(lane, 'stopped');
      const running = Promise.all([...lanes.values()].map((lane) => lane.running));
      await Promise.race([running, sleep(stopWaitMs, undefined, { ref: false })]);
    },
  };
}

/** A consumer may change another table, so lanes are looked at again until none but failing ones is left. */
async function settleAll(lanes: Map<string, Lane>, stopped: AbortSignal): Promise<void> {
  const failing = new Set<Lane>();
  const open = () => [...lanes.values()].filter((l) => isUndelivered(l) && !failing.has(l));
  while (!stopped.aborted && open().length > 0) {
    await Promise.all(
      open().map(async (lane) => {
        if ((await settleLane(lane)) === 'failing') failing.add(lane);
      }),
    );
  }
}

function forgetUnread(lane: Lane): ChangeRecord[] {
  if (lane.consumers.length > 0) return [];
  return lane.queue.splice(0, Math.max(0, lane.queue.length - unreadLimit));
}
