/** The announce queue and its function: each message is delivered until it was drawn, a few times at most; some of them twice. */
import { announce, type ToDraw } from '../../shared/application/announce.ts';
import type { QueueMessage } from '../../shared/ports.ts';
import type { Faults } from './faults.ts';
import type { Told } from './invariants/cards.ts';
import type { Outcome, Process, Processes } from './processes.ts';
import type { Rng } from './rng.ts';
import { type SlackState, simAnnouncer, simRender } from './sim-slack.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Ports } from './world.ts';

const LIMIT_SECONDS = 60;
const VISIBILITY_MS = 6 * LIMIT_SECONDS * 1000;
const MOST_RECEIVES = 5;

export type Announcing = {
  readonly slack: SlackState;
  readonly told: Told;
  arrive(message: QueueMessage, delayMs: number): void;
  /** Something went wrong in this run. */
  disturbed(process: Process): void;
};

export function simAnnouncing(
  world: {
    processes(): Processes;
    time: VirtualTime;
    rng: Rng;
    faults: Faults;
    changed(): void;
    ports(process: Process): Ports;
  },
  slack: SlackState,
): Announcing {
  const { time, rng, faults } = world;
  const told: Told = { versions: new Map(), disturbed: new Map(), lost: new Set() };
  const drawing = new Map<Process, string>();
  const disturbed = (process: Process) => {
    const id = drawing.get(process);
    if (id !== undefined) told.disturbed.set(id, (told.disturbed.get(id) ?? 0) + 1);
  };
  const deliver = (toDraw: ToDraw, receives: number) => {
    let run: Process | null = null;
    const body = (process: Process) => {
      run = process;
      drawing.set(process, toDraw.requestId);
      const announcer = simAnnouncer({ ...world, processes: world.processes(), slack }, process);
      return announce(toDraw, { ...world.ports(process), announcer, render: simRender });
    };
    const ended = (outcome: Outcome) => {
      if (outcome === 'done') return;
      if (run) disturbed(run);
      if (receives >= MOST_RECEIVES) told.lost.add(toDraw.requestId);
      else time.after(VISIBILITY_MS, () => deliver(toDraw, receives + 1));
    };
    world.processes().spawn('announce', LIMIT_SECONDS, body, ended);
  };
  return {
    slack,
    told,
    disturbed,
    arrive(message, delayMs) {
      if (!('requestId' in message)) return;
      const { requestId, version = 0 } = message;
      told.versions.set(requestId, Math.max(version, told.versions.get(requestId) ?? 0));
      const copies = faults.strikes('queues.duplicate', 0.15) ? 2 : 1;
      for (let copy = 1; copy <= copies; copy += 1)
        time.after(delayMs + rng.between(5, 400) * copy, () => deliver(message, 1));
    },
  };
}
