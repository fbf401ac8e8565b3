/** The journal's stream -> queues. Holds no secret; sees keys only. */
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { type JournalChange, route } from '../../shared/application/route.ts';
import type { Journal, Queues, Telemetry } from '../../shared/ports.ts';

const Key = z.object({ S: z.string() });
const StreamRecord = z.object({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.object({ Keys: z.object({ pk: Key, sk: Key }) }),
});

/** The chain and number of an event row, null for every other row. */
export type ReadEventKey = (key: {
  pk: string;
  sk: string;
}) => Omit<JournalChange, 'eventName'> | null;

export type RouteParts = {
  journal: Journal;
  queues: Queues;
  telemetry: Telemetry;
  readEventKey: ReadEventKey;
};

export function routeFunction(parts: RouteParts) {
  return async (event: Pick<DynamoDBStreamEvent, 'Records'>): Promise<void> => {
    const changes = event.Records.flatMap((record): JournalChange[] => {
      const { eventName, dynamodb } = StreamRecord.parse(record);
      const { pk, sk } = dynamodb.Keys;
      const place = parts.readEventKey({ pk: pk.S, sk: sk.S });
      return place ? [{ eventName, ...place }] : [];
    });
    await route(changes, parts);
  };
}
