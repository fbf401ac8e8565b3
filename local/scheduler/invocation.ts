/** One delivery of a schedule: its payload, when to try again, and when to give up. */
import { scheduleArn } from './arn.ts';
import type { ScheduleRecord } from './model.ts';

const longestBackoffMs = 15 * 60 * 1000;

export type Delivery = {
  /** The target's ARN. */
  readonly arn: string;
  readonly input: string;
  readonly groupName: string;
  readonly name: string;
};

export type Run = NonNullable<ScheduleRecord['run']>;

export function deliveryOf(record: ScheduleRecord, run: Run): Delivery {
  const { Target } = record.definition;
  const input = (Target.Input ?? defaultEvent(record, run))
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn(record))
    .replaceAll('<aws.scheduler.scheduled-time>', seconds(record.dueAt))
    .replaceAll('<aws.scheduler.execution-id>', run.id)
    .replaceAll('<aws.scheduler.attempt-number>', String(run.attempts));
  return { arn: Target.Arn, input, groupName: record.group, name: record.name };
}

/** When a failed run is tried again: 1 s, 2 s, 4 s ... 15 min later; `null` when its retry policy is used up. */
export function nextAttemptAt(record: ScheduleRecord, run: Run, now: number): number | null {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = record.definition.Target.RetryPolicy;
  const next = now + backoffMs(run);
  const tooOld = next - run.startedAt > MaximumEventAgeInSeconds * 1000;
  return run.attempts > MaximumRetryAttempts || tooOld ? null : next;
}

export const backoffMs = (run: Run): number =>
  Math.min(1000 * 2 ** (run.attempts - 1), longestBackoffMs);

const seconds = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;

/** What AWS sends when a schedule names no input. */
const defaultEvent = (record: ScheduleRecord, run: Run): string =>
  JSON.stringify({
    version: '0',
    id: run.id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '000000000000',
    time: seconds(record.dueAt),
    region: 'us-east-1',
    resources: [scheduleArn(record)],
    detail: '{}',
  });
