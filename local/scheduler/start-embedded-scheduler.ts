/**
 * EventBridge Scheduler in process: the real REST API on 127.0.0.1, one-time at() schedules, fired to the second on the local
 * clock (AWS: within the minute). Everything is kept in `dataDir`; what came due while the process was down fires at once.
 */
import type { LocalClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { listenOnLoopback } from '../loopback.ts';
import { schedulerApi } from './api.ts';
import { scheduleArn } from './arn.ts';
import type { Delivery } from './invocation.ts';
import type { ScheduleRecord } from './model.ts';
import { openScheduleStore } from './schedule-store.ts';
import { openScheduleGroups, openSchedules } from './schedules.ts';
import { type DeadLetter, openTrigger } from './trigger.ts';

export type ScheduleView = {
  readonly name: string;
  readonly groupName: string;
  readonly arn: string;
  /** ISO instant at which it is due. */
  readonly at: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly target: { readonly arn: string; readonly input: string | null };
  /** Failed deliveries so far. */
  readonly attempts: number;
  readonly completed: boolean;
};

export type EmbeddedScheduler = {
  readonly url: string;
  /** Every schedule, the next one due first. */
  list(): ScheduleView[];
  close(): Promise<void>;
};

export type EmbeddedSchedulerOptions = {
  /** `null` keeps everything in memory. */
  readonly dataDir: string | null;
  readonly clock: LocalClock;
  readonly faults: Faults;
  /** Throwing means not delivered: the schedule's retry policy decides what follows. */
  readonly deliver: (delivery: Delivery) => Promise<void>;
  /** Takes what was given up; without it the failure goes to `onError`. */
  readonly deadLetter?: (letter: DeadLetter) => Promise<void>;
  readonly onError?: (error: unknown) => void;
};

export async function startEmbeddedScheduler(
  options: EmbeddedSchedulerOptions,
): Promise<EmbeddedScheduler> {
  const { clock, deliver, deadLetter, faults } = options;
  const onError =
    options.onError ?? ((error: unknown) => console.error('The embedded scheduler:', error));
  const store = openScheduleStore(options.dataDir);
  const now = clock.now().getTime();
  if (!store.groups.has('default'))
    store.groups.set('default', { createdAt: now, modifiedAt: now });
  const trigger = openTrigger({ store, clock, deliver, deadLetter, onError });
  const schedules = openSchedules({ store, clock, trigger });
  const groups = openScheduleGroups({ store, clock, trigger });
  const api = schedulerApi({ schedules, groups, faults, onError });
  const server = await listenOnLoopback(api.fetch);
  for (const record of store.schedules.values()) trigger.arm(record);
  return {
    url: server.url,
    list: () =>
      store.schedules
        .values()
        .sort((a, b) => a.dueAt - b.dueAt)
        .map(viewOf),
    async close() {
      await server.close();
      await trigger.close();
      store.close();
    },
  };
}

const viewOf = (record: ScheduleRecord): ScheduleView => ({
  name: record.name,
  groupName: record.group,
  arn: scheduleArn(record),
  at: new Date(record.dueAt).toISOString(),
  state: record.definition.State,
  target: {
    arn: record.definition.Target.Arn,
    input: record.definition.Target.Input ?? null,
  },
  attempts: record.run?.attempts ?? 0,
  completed: record.completed,
});
