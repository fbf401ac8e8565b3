/**
 * Runs of the code under test, each of which may die at any call: its continuation is then dropped for good, what
 * it had sent may still land. Every port call passes here and takes virtual time.
 */
import { unreachable } from '../../shared/domain/result.ts';
import { Fault, ProviderFault } from '../../shared/ports.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { Rng } from './rng.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A client gives up on a call after this. */
const LONGEST_WAIT_MS = 10_000;

export type Outcome = 'done' | 'failed' | 'dead';

export type Process = {
  readonly name: string;
  readonly number: number;
  dead: boolean;
  /** The holding that it drives. */
  about: string | null;
  /** The provider write this run recorded last, before it may issue it. */
  intent: { id: string; holdingId: string } | null;
};

export type Call<T> = {
  /** service.operation, for example `journal.commit`. */
  readonly point: string;
  readonly writes: boolean;
  /** Shortest and longest usual time of a call. */
  readonly latencyMs: readonly [number, number];
  readonly slowMs: number;
  /** A write may take effect up to this long after it was issued, whatever its caller saw; 0: never late. */
  readonly lateMs: number;
  apply(): T | Promise<T>;
  /** The error of one kind of failure; null when the service never fails that way. */
  fail(how: 'before' | 'lost' | 'throttle'): Error;
  /** Clear refusals, applied for certain not. */
  readonly refusals: readonly (() => Error)[];
};

export type Processes = {
  spawn(
    name: string,
    limitSeconds: number,
    body: (process: Process) => Promise<unknown>,
    ended?: (outcome: Outcome) => void,
  ): void;
  call<T>(process: Process, call: Call<T>): Promise<T>;
};

export function processesOf(world: {
  time: VirtualTime;
  rng: Rng;
  faults: Faults;
  onDefect: (error: unknown, process: Process) => void;
  onFault: (process: Process) => void;
}): Processes {
  const { time, rng, faults } = world;
  const kill = new Map<Process, () => void>();
  let started = 0;
  return {
    spawn(name, limitSeconds, body, ended) {
      started += 1;
      const process: Process = { name, number: started, dead: false, about: null, intent: null };
      let open = true;
      const close = (outcome: Outcome) => {
        if (!open) return;
        open = false;
        process.dead = true;
        kill.delete(process);
        time.note(`${label(process)} ${outcome}`);
        ended?.(outcome);
      };
      kill.set(process, () => close('dead'));
      time.after(limitSeconds * 1000, () => close('dead'), { quiet: true });
      body(process).then(
        () => close('done'),
        (error: unknown) => {
          if (!(error instanceof Fault || error instanceof ProviderFault))
            world.onDefect(error, process);
          close('failed');
        },
      );
    },
    call(process, call) {
      if (process.dead) return never();
      const fault = faults.strike({
        by: process.name,
        point: call.point,
        writes: call.writes,
        canBeLate: call.lateMs > 0,
        canRefuse: call.refusals.length > 0,
      });
      if (fault) {
        time.note(`${label(process)} ${call.point} FAULT ${fault}`);
        world.onFault(process);
      }
      const course = courseOf(fault, call, rng);
      return new Promise((resolve, reject) => {
        const back = (delayMs: number, then: () => void) =>
          time.after(delayMs, () => {
            if (!process.dead) then();
          });
        const { appliesAfterMs, error, answersAfterMs } = course;
        if (error) back(answersAfterMs, () => reject(error));
        if (course.dies) kill.get(process)?.();
        if (appliesAfterMs === null) return;
        time.after(appliesAfterMs, () => {
          time.note(`${label(process)} ${call.point}`);
          Promise.resolve(call.apply()).then(
            (value) => {
              if (!error) back(answersAfterMs, () => resolve(value));
            },
            (refused: unknown) => back(answersAfterMs, () => reject(refused)),
          );
        });
      });
    },
  };
}

const label = (process: Process) => `${process.name}#${process.number}`;
const never = <T>() => new Promise<T>(() => {});

/** When a call takes effect, if it does, and what its caller sees of it: its result when there is no error. */
type Course = {
  appliesAfterMs: number | null;
  error: Error | null;
  answersAfterMs: number;
  dies: boolean;
};

function courseOf<T>(fault: FaultKind | null, call: Call<T>, rng: Rng): Course {
  const [least, most] = call.latencyMs;
  const soon = rng.between(least, most);
  const usual: Course = {
    appliesAfterMs: soon,
    error: null,
    answersAfterMs: rng.between(1, most),
    dies: false,
  };
  const unsent = { ...usual, appliesAfterMs: null };
  switch (fault) {
    case null:
      return usual;
    case 'slow':
      return {
        ...usual,
        appliesAfterMs: rng.between(most, call.slowMs),
        answersAfterMs: rng.between(0, Math.round(call.slowMs / 4)),
      };
    case 'error-before':
      return { ...unsent, error: call.fail('before') };
    case 'throttle':
      return { ...unsent, error: call.fail('throttle') };
    case 'refusal':
      return { ...unsent, error: rng.pick(call.refusals)() };
    case 'crash-before':
      return { ...unsent, dies: true };
    case 'crash-after':
      return { ...usual, dies: true };
    case 'answer-lost':
      return {
        ...usual,
        error: call.fail('lost'),
        answersAfterMs: soon + rng.between(10, LONGEST_WAIT_MS),
      };
    case 'late':
      return {
        ...usual,
        appliesAfterMs: lateMs(call, rng),
        error: call.fail('lost'),
        answersAfterMs: Math.min(call.slowMs, LONGEST_WAIT_MS),
      };
    case 'late-and-dead':
      return { ...usual, appliesAfterMs: lateMs(call, rng), dies: true };
    default:
      return unreachable(fault);
  }
}

/** Half of the late ones take effect at the last moment. */
const lateMs = ({ lateMs: most, latencyMs }: Call<unknown>, rng: Rng): number =>
  rng.chance(0.5) ? rng.between(latencyMs[1], most) : rng.between(Math.round(most * 0.8), most);
