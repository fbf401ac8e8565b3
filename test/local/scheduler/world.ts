import { join } from 'node:path';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { type LocalClock, openLocalClock } from '../../../local/clock.ts';
import { openFaults } from '../../../local/faults.ts';
import type { Delivery } from '../../../local/scheduler/invocation.ts';
import { startEmbeddedScheduler } from '../../../local/scheduler/start-embedded-scheduler.ts';
import type { DeadLetter } from '../../../local/scheduler/trigger.ts';

export const start = Date.parse('2026-11-22T10:00:00Z');
export const minute = 60_000;
export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:removals';
export const target = {
  Arn: queueArn,
  RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
  Input: '{"holding":"H1"}',
};

/** `at(...)` that many seconds after the tests' start. */
export const at = (seconds: number) =>
  `at(${new Date(start + seconds * 1000).toISOString().slice(0, 19)})`;

export type Options = {
  dataDir?: string | null;
  realNow?: number;
  frozen?: boolean;
  deliver?: (delivery: Delivery) => Promise<void>;
  maxAttempts?: number;
};

/** The embedded scheduler on a clock that only moves when pushed (unless `frozen` is false), and the real SDK client talking to it. */
export async function startWorld(options: Options = {}) {
  const faults = openFaults({ hangMs: 150, slowMs: 20 });
  const errors: unknown[] = [];
  const fired: { name: string; second: number; input: string }[] = [];
  const letters: DeadLetter[] = [];
  const { dataDir = null, frozen = true, realNow = start } = options;
  const clock: LocalClock = openLocalClock({
    file: dataDir && join(dataDir, 'clock.jsonl'),
    ...(frozen && { frozen, realNow: () => realNow }),
    onError: (error) => errors.push(error),
  });
  const scheduler = await startEmbeddedScheduler({
    dataDir,
    clock,
    faults,
    async deliver(delivery) {
      await options.deliver?.(delivery);
      const second = (clock.now().getTime() - start) / 1000;
      fired.push({ name: delivery.name, second, input: delivery.input });
    },
    deadLetter: async (letter) => void letters.push(letter),
    onError: (error) => errors.push(error),
  });
  const client = new SchedulerClient({
    region: 'us-east-1',
    endpoint: scheduler.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: options.maxAttempts ?? 1,
  });
  const create = (change: Partial<CreateScheduleCommandInput> = {}) =>
    client.send(new CreateScheduleCommand({ ...schedule, ...change }));
  return {
    clock,
    faults,
    errors,
    fired,
    letters,
    scheduler,
    client,
    create,
    async stop() {
      client.destroy();
      clock.close();
      await scheduler.close();
    },
  };
}

export const schedule: CreateScheduleCommandInput = {
  Name: 'AR-7K2M9Q',
  ScheduleExpression: at(3600),
  FlexibleTimeWindow: { Mode: 'OFF' },
  ActionAfterCompletion: 'DELETE',
  Target: target,
};

export type World = Awaited<ReturnType<typeof startWorld>>;
