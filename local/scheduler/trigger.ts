/**
 * Arms schedules on the local clock and delivers them. At least once: a schedule counts as completed only after its
 * delivery (or its dead letter) succeeded, and what was due or under way before a restart is armed again.
 */
import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { backoffMs, type Delivery, deliveryOf, nextAttemptAt, type Run } from './invocation.ts';
import type { ScheduleRecord } from './model.ts';
import { keyText, type ScheduleStore } from './schedule-store.ts';

export type DeadLetter = Delivery & {
  readonly deadLetterArn: string | null;
  readonly attempts: number;
  readonly error: string;
};

export type TriggerParts = {
  readonly store: ScheduleStore;
  readonly clock: LocalClock;
  readonly deliver: (delivery: Delivery) => Promise<void>;
  /** Absent or throwing: the failure goes to `onError`, and a throwing one is tried again. */
  readonly deadLetter?: ((letter: DeadLetter) => Promise<void>) | undefined;
  readonly onError: (error: unknown) => void;
};

export type Trigger = {
  arm(record: ScheduleRecord): void;
  disarm(key: string): void;
  /** Disarms everything and waits for deliveries under way. */
  close(): Promise<void>;
};

export function openTrigger(parts: TriggerParts): Trigger {
  const { store, clock } = parts;
  const armed = new Map<string, () => void>();
  const underWay = new Set<Promise<void>>();
  let closed = false;

  function disarm(key: string): void {
    armed.get(key)?.();
    armed.delete(key);
  }

  function arm(record: ScheduleRecord): void {
    const key = keyText(record);
    disarm(key);
    if (closed || record.completed || record.definition.State === 'DISABLED') return;
    const instant = new Date(record.run?.nextAt ?? record.dueAt);
    const fire = async (): Promise<void> => {
      const work: Promise<void> = invoke(record).finally(() => underWay.delete(work));
      underWay.add(work);
      await work;
    };
    armed.set(key, clock.at(instant, fire));
  }

  async function invoke(record: ScheduleRecord): Promise<void> {
    const now = clock.now().getTime();
    const before = record.run ?? { id: randomUUID(), attempts: 0, startedAt: now };
    const run = { ...before, attempts: before.attempts + 1, nextAt: now };
    const retryAt = await attempt(record, run, parts);
    // Replaced or deleted during the delivery: what is stored now has its own timer.
    if (store.schedules.get(keyText(record))?.revision !== record.revision) return;
    if (retryAt === null) complete(record);
    else keep({ ...record, run: { ...run, nextAt: retryAt } });
  }

  function keep(record: ScheduleRecord): void {
    store.schedules.set(keyText(record), record);
    arm(record);
  }

  function complete(record: ScheduleRecord): void {
    armed.delete(keyText(record));
    if (record.definition.ActionAfterCompletion === 'DELETE')
      store.schedules.delete(keyText(record));
    else store.schedules.set(keyText(record), { ...record, run: null, completed: true });
  }

  return {
    arm,
    disarm,
    async close() {
      closed = true;
      for (const key of [...armed.keys()]) disarm(key);
      await Promise.all(underWay);
    },
  };
}

/** Delivers once. Answers when to try again, `null` when this run is over: delivered, or given up to the dead letters. */
async function attempt(
  record: ScheduleRecord,
  run: Run,
  { clock, deliver, deadLetter, onError }: TriggerParts,
): Promise<number | null> {
  const delivery = deliveryOf(record, run);
  try {
    await deliver(delivery);
    return null;
  } catch (error) {
    const retryAt = nextAttemptAt(record, run, clock.now().getTime());
    if (retryAt !== null) return retryAt;
    const deadLetterArn = record.definition.Target.DeadLetterConfig?.Arn ?? null;
    const letter = { ...delivery, deadLetterArn, attempts: run.attempts, error: String(error) };
    try {
      if (deadLetter !== undefined) await deadLetter(letter);
      else onError(new Error(`Schedule ${keyText(record)} was given up.`, { cause: error }));
      return null;
    } catch (cause) {
      onError(new Error(`The dead letter of ${keyText(record)} was refused.`, { cause }));
      return clock.now().getTime() + backoffMs(run);
    }
  }
}
