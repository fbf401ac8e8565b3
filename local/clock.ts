/**
 * The local clock: real time plus an offset that can be pushed forward and survives a restart.
 * Guarantees: time never goes backwards; `advance` passes through every due timer in order of instants, stands still
 * at each one until its timers and all settle hooks are done, and fires what they scheduled inside the window too.
 * A timer or hook must never await `advance` or a later timer of this clock: it would wait for itself.
 */
import { type LocalTime, openLocalTime } from './local-time.ts';
import { type SettleHook, settleAll } from './settle.ts';
import { openTimeline, type Timeline } from './timeline.ts';

const longestAdvanceMs = 400 * 24 * 3600 * 1000;
const longestTimeoutMs = 2 ** 31 - 1;
const mostRunsPerInstant = 10_000;

export type LocalClock = {
  now(): Date;
  /** Runs once local time has reached the instant (a past one: at once, never synchronously). Answers its cancel. */
  at(instant: Date, run: () => Promise<void> | void): () => void;
  /** Pushes local time forward and answers when everything due on the way has settled. A second call waits for the first. */
  advance(ms: number): Promise<void>;
  /** `advance` awaits the hooks after each instant, again and again until none had anything left to wait for. */
  onSettle(wait: SettleHook): void;
  /** When the next timer is due; `null` when there is none. */
  nextAt(): Date | null;
  /** Cancels every timer and closes the file. */
  close(): void;
};

export type LocalClockOptions = {
  /** Where the offset is kept; `null` keeps it in memory. */
  readonly file: string | null;
  readonly realNow?: () => number;
  /** Time starts at `realNow()` and moves by `advance` only; timers already due still fire. For tests. */
  readonly frozen?: boolean;
  /** Told about a timer that threw; the clock goes on. Printed when absent. */
  readonly onError?: (error: unknown) => void;
};

export function openLocalClock(options: LocalClockOptions): LocalClock {
  const { file, realNow = Date.now, frozen = false } = options;
  const start = realNow();
  const time = openLocalTime(file, frozen ? () => start : realNow);
  const timeline = openTimeline();
  const report = options.onError ?? ((error: unknown) => console.error('A timer failed:', error));
  const alarm = openAlarm({ time, timeline, frozen, report });
  const hooks: SettleHook[] = [];
  let turns = Promise.resolve();

  async function jump(ms: number): Promise<void> {
    const target = time.stand() + ms;
    try {
      await finishInstant({ time, alarm, hooks });
      while (time.now() < target) {
        time.moveTo(Math.min(timeline.next()?.at ?? target, target));
        await finishInstant({ time, alarm, hooks });
      }
    } finally {
      time.flow();
      alarm.arm();
    }
  }

  return {
    now: () => new Date(time.now()),
    at(instant, run) {
      const cancel = timeline.add(instant.getTime(), run);
      alarm.arm();
      return () => {
        if (cancel()) alarm.arm();
      };
    },
    async advance(ms) {
      if (!(ms >= 0 && ms <= longestAdvanceMs))
        throw new RangeError(`The clock moves forward by 0 ms to 400 days, not by ${ms} ms.`);
      const turn = turns.then(() => jump(Math.trunc(ms)));
      turns = turn.catch(() => undefined);
      await turn;
    },
    onSettle(wait) {
      hooks.push(wait);
    },
    nextAt() {
      const next = timeline.next();
      return next === undefined ? null : new Date(next.at);
    },
    close() {
      timeline.clear();
      alarm.close();
      time.close();
    },
  };
}

/** Returns once everything due at the present instant is done and no part has work left. */
async function finishInstant(clock: {
  time: LocalTime;
  alarm: Alarm;
  hooks: readonly SettleHook[];
}): Promise<void> {
  for (let runs = 0; runs < mostRunsPerInstant; runs++) {
    if (await clock.alarm.runNext()) continue;
    await settleAll(clock.hooks);
    if (!clock.alarm.due()) return;
  }
  throw new Error(
    `${mostRunsPerInstant} timers fired at ${new Date(clock.time.now()).toISOString()}: something schedules itself again without letting time pass.`,
  );
}

type Alarm = {
  /** Makes real time fire what is due next; does nothing while time stands. */
  arm(): void;
  due(): boolean;
  /** Runs the first due timer to its end, after those that real time already started. False when none is due. */
  runNext(): Promise<boolean>;
  close(): void;
};

function openAlarm(parts: {
  time: LocalTime;
  timeline: Timeline;
  frozen: boolean;
  report: (error: unknown) => void;
}): Alarm {
  const { time, timeline } = parts;
  const running = new Set<Promise<void>>();
  let wake: NodeJS.Timeout | undefined;
  let closed = false;

  async function runReported(run: () => Promise<void> | void): Promise<void> {
    try {
      await run();
    } catch (error) {
      parts.report(error);
    }
  }

  /** Real time reached some timers: start them in order; they may overlap, as they do in the real world. */
  function fireDue(): void {
    if (time.standing()) return;
    for (let due = timeline.take(time.now()); due !== undefined; due = timeline.take(time.now())) {
      const run: Promise<void> = runReported(due.run).finally(() => running.delete(run));
      running.add(run);
    }
    arm();
  }

  function arm(): void {
    clearTimeout(wake);
    const next = timeline.next();
    if (closed || next === undefined || time.standing()) return;
    const waitMs = Math.max(0, next.at - time.now());
    if (parts.frozen && waitMs > 0) return;
    wake = setTimeout(fireDue, Math.min(waitMs, longestTimeoutMs));
    wake.unref();
  }

  return {
    arm,
    due: () => (timeline.next()?.at ?? Number.POSITIVE_INFINITY) <= time.now(),
    async runNext() {
      await Promise.all(running);
      const due = timeline.take(time.now());
      if (due !== undefined) await runReported(due.run);
      return due !== undefined;
    },
    close() {
      closed = true;
      clearTimeout(wake);
    },
  };
}
