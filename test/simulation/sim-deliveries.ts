/** Queues, the schedules of ends, and the journal's stream: at least once, in any order, late, sometimes lost. */

import { nameOf } from '../../shared/application/container-name.ts';
import {
  type ContainerRef,
  type EndScheduler,
  Fault,
  type QueueMessage,
  type Queues,
} from '../../shared/ports.ts';
import type { Faults } from './faults.ts';
import type { Outcome, Process, Processes } from './processes.ts';
import type { Rng } from './rng.ts';
import type { VirtualTime } from './virtual-time.ts';

const VISIBILITY_MS = 360_000;
const MOST_RECEIVES = 5;

type HoldingMessage = Extract<QueueMessage, { holdingId: string }>;
type WorkMessage = HoldingMessage | Extract<QueueMessage, { container: ContainerRef }>;

export type Delivery = {
  processes: Processes;
  time: VirtualTime;
  rng: Rng;
  faults: Faults;
  /** Ends for which a schedule was once made: grant -> its latest end. */
  scheduled: Map<string, string>;
  /** Schedules that stand. */
  standing: Map<string, string>;
  ensure: (message: HoldingMessage, ended: (outcome: Outcome) => void) => void;
  drift: (container: ContainerRef, ended: (outcome: Outcome) => void) => void;
  /** Null where nothing is drawn. */
  announce: ((message: QueueMessage, delayMs: number) => void) | null;
  onDeadLetter: (about: string) => void;
};

const broken = (service: 'queues' | 'scheduler') => () =>
  new Fault(`${service} did not answer.`, { service, retryable: true });

export function simQueues(world: Delivery, process: Process): Queues {
  return {
    send: (queue, message, delaySeconds = 0) =>
      world.processes.call(process, {
        point: 'queues.send',
        writes: true,
        latencyMs: [5, 60],
        slowMs: 3000,
        lateMs: 0,
        fail: broken('queues'),
        refusals: [],
        apply: () => {
          if (queue === 'announce') world.announce?.(message, delaySeconds * 1000);
          else arrive(world, message, delaySeconds * 1000);
        },
      }),
  };
}

/** A message reaches its queue: it is delivered until a worker is done with it. */
function arrive(world: Delivery, message: QueueMessage, delayMs: number): void {
  if (!('holdingId' in message || 'container' in message)) return;
  const copies = world.faults.strikes('queues.duplicate', 0.15) ? 2 : 1;
  for (let copy = 1; copy <= copies; copy += 1) {
    const extra = world.rng.between(5, 400) * copy;
    world.time.after(delayMs + extra, () => deliver(world, message, 1));
  }
}

function deliver(world: Delivery, message: WorkMessage, receives: number): void {
  const ended = (outcome: Outcome) => {
    if (outcome === 'done') return;
    if (receives >= MOST_RECEIVES)
      return world.onDeadLetter(
        'holdingId' in message ? message.holdingId : nameOf(message.container),
      );
    world.time.after(VISIBILITY_MS, () => deliver(world, message, receives + 1));
  };
  if ('holdingId' in message) world.ensure(message, ended);
  else world.drift(message.container, ended);
}

/** Fires at max(end - 60 s, now + 30 s), up to a minute late, and later or never when it is struck. */
export function simEnds(world: Delivery, process: Process): EndScheduler {
  const { processes, time, rng, faults } = world;
  const call = (point: string, apply: () => void) =>
    processes.call(process, {
      point: `ends.${point}`,
      writes: true,
      latencyMs: [20, 150],
      slowMs: 6000,
      lateMs: 0,
      fail: broken('scheduler'),
      refusals: [],
      apply,
    });
  return {
    schedule: (end, now) =>
      call('schedule', () => {
        const { grantId, holdingId, expiresAt } = end;
        world.scheduled.set(grantId, expiresAt);
        if (world.standing.get(grantId) === expiresAt) return;
        world.standing.set(grantId, expiresAt);
        const at = Math.max(Date.parse(expiresAt) - 60_000, now.getTime() + 30_000);
        const late = faults.strikes('ends.late', 2) ? rng.between(0, 600_000) : 0;
        if (faults.sweepOnly || faults.strikes('ends.lost')) return;
        time.after(at - time.nowMs() + rng.between(0, 60_000) + late, () => {
          if (world.standing.get(grantId) === expiresAt) arrive(world, { holdingId }, 0);
        });
      }),
    cancel: (grantId) => call('cancel', () => void world.standing.delete(grantId)),
  };
}
