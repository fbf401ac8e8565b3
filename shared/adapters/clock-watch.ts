/**
 * Compares this machine's clock with the `Date` header of each DynamoDB answer. Codes, ends of grants and signatures rest on the
 * clock, and whether a call can still take effect rests on two of them (TIMING.clocksApartSeconds: twice this, and what whole seconds and a
 * slow answer add). More apart wakes a person; once a minute at most. Never changes an answer, never fails one.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Clock, Telemetry } from '../ports.ts';

export const LARGEST_SKEW_SECONDS = 6;
const ALARM_EVERY_MS = 60_000;
const Answered = z.object({ headers: z.object({ date: z.string() }) });

/** Positive when we are ahead; null without a date that can be read. */
export function skewSeconds(response: unknown, now: Date): number | null {
  const date = Date.parse(Answered.safeParse(response).data?.headers.date ?? '');
  return Number.isNaN(date) ? null : Math.round((now.getTime() - date) / 1000);
}

export function watchClock(
  client: DynamoDBClient,
  { clock, telemetry }: { clock: Clock; telemetry: Telemetry },
): void {
  let alarmedAt = Number.NEGATIVE_INFINITY;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const now = clock.now();
      const skew = skewSeconds(answer.response, now);
      const isDue = Math.abs(now.getTime() - alarmedAt) >= ALARM_EVERY_MS;
      if (skew !== null && Math.abs(skew) > LARGEST_SKEW_SECONDS && isDue) {
        alarmedAt = now.getTime();
        telemetry.alarm('clock-skewed', { skewSeconds: skew });
      }
      return answer;
    },
    { step: 'deserialize', name: 'hallpassClockWatch', priority: 'low' },
  );
}
