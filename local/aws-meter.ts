/** Counts what a client asks of AWS: calls by name and DynamoDB's own figure of capacity units (indexes not included by the embedded one). */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import * as z from 'zod';

export type AwsCall = { name: string; read: number; write: number };

const Units = z.object({
  CapacityUnits: z.number().optional(),
  ReadCapacityUnits: z.number().optional(),
  WriteCapacityUnits: z.number().optional(),
});
const Output = z.object({
  ConsumedCapacity: z.union([Units, z.array(Units)]).optional(),
});
const READS = new Set(['GetItem', 'Query', 'BatchGetItem', 'TransactGetItems']);

export function meterDynamo(client: DynamoDBClient, onCall: (call: AwsCall) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = (context.commandName ?? 'unknown').replace(/Command$/, '');
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const };
      const result = await next({ ...args, input });
      const units = capacity(Output.safeParse(result.output).data?.ConsumedCapacity);
      onCall({ name, read: READS.has(name) ? units : 0, write: READS.has(name) ? 0 : units });
      return result;
    },
    { step: 'initialize', name: 'hallpassMeter' },
  );
}

export function meterScheduler(client: SchedulerClient, onCall: (call: AwsCall) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = (context.commandName ?? 'unknown').replace(/Command$/, '');
      onCall({ name, read: 0, write: 0 });
      return next(args);
    },
    { step: 'initialize', name: 'hallpassMeter' },
  );
}

type Consumed = z.infer<typeof Output>['ConsumedCapacity'];
const capacity = (consumed: Consumed): number =>
  (Array.isArray(consumed) ? consumed : consumed ? [consumed] : []).reduce(
    (sum, { CapacityUnits = 0 }) => sum + CapacityUnits,
    0,
  );
