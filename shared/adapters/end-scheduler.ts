/**
 * Ends of grants in EventBridge Scheduler: one one-time schedule per grant, named by the grant, whose target is the
 * removals queue itself. It comes up to a minute early (the service is precise to 60 s); ensure waits for the exact
 * end. A schedule is a hint: the due index is the truth, so a lost one costs time, never access.
 */
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { type EndScheduler, Fault } from '../ports.ts';

export type ScheduleTarget = {
  group: string;
  /** ARN of the removals queue. */
  queueArn: string;
  /** Role that Scheduler assumes to send to it, and to nothing else. */
  roleArn: string;
  deadLetterArn?: string;
};
/** The target as the environment of `ensure` names it. */
export const scheduleTarget = (
  env: Record<
    'SCHEDULER_GROUP' | 'REMOVALS_QUEUE_ARN' | 'SCHEDULER_ROLE_ARN' | 'SCHEDULER_DEAD_LETTERS_ARN',
    string
  >,
): ScheduleTarget => ({
  group: env.SCHEDULER_GROUP,
  queueArn: env.REMOVALS_QUEUE_ARN,
  roleArn: env.SCHEDULER_ROLE_ARN,
  deadLetterArn: env.SCHEDULER_DEAD_LETTERS_ARN,
});
const EARLY_SECONDS = 60;
const SOONEST_SECONDS = 30;

export function endScheduler(client: SchedulerClient, target: ScheduleTarget): EndScheduler {
  const { group: GroupName } = target;
  return {
    async schedule({ grantId, holdingId, expiresAt }, now) {
      const input = scheduleOf(target, { grantId, holdingId, expiresAt }, now);
      await asked('create', async () => {
        try {
          await client.send(new CreateScheduleCommand(input));
        } catch (error) {
          if (!(error instanceof ConflictException)) throw error;
          await align(client, input, expiresAt);
        }
      });
    },
    async cancel(grantId) {
      await asked('delete', async () => {
        try {
          await client.send(new DeleteScheduleCommand({ Name: grantId, GroupName }));
        } catch (error) {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        }
      });
    },
  };
}

/** A schedule of this name exists: it must be for this end, else it is moved there. */
async function align(
  client: SchedulerClient,
  input: CreateScheduleCommandInput,
  expiresAt: string,
): Promise<void> {
  const { Name, GroupName } = input;
  const found = await client.send(new GetScheduleCommand({ Name, GroupName }));
  if (found.Description === expiresAt && found.Target?.Arn === input.Target?.Arn) return;
  await client.send(new UpdateScheduleCommand(input));
}

function scheduleOf(
  target: ScheduleTarget,
  end: { grantId: string; holdingId: string; expiresAt: string },
  now: Date,
): CreateScheduleCommandInput {
  const early = Date.parse(end.expiresAt) - EARLY_SECONDS * 1000;
  // A one-minute grant must not ask for the past: real AWS refuses it.
  const at = new Date(Math.max(early, now.getTime() + SOONEST_SECONDS * 1000));
  return {
    Name: end.grantId,
    GroupName: target.group,
    Description: end.expiresAt,
    ScheduleExpression: `at(${at.toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    ClientToken: `${end.grantId}-${Date.parse(end.expiresAt)}`,
    Target: {
      Arn: target.queueArn,
      RoleArn: target.roleArn,
      Input: JSON.stringify({ holdingId: end.holdingId }),
      RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      ...(target.deadLetterArn ? { DeadLetterConfig: { Arn: target.deadLetterArn } } : {}),
    },
  };
}

async function asked(what: string, send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    throw new Fault(
      `EventBridge Scheduler did not ${what} a schedule (${why}). It is tried again.`,
      {
        service: 'scheduler',
        retryable: true,
        cause: error,
      },
    );
  }
}
