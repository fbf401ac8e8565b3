/**
 * Counts what the functions ask of AWS: calls by name, and DynamoDB's own figure of capacity units (indexes not included by the
 * embedded one). Queues and keys have no wire protocol here, so their ports are counted: one method is one call.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import type { FunctionName } from '../shared/config/env.ts';
import type { Queues, SecretBox } from '../shared/ports.ts';
import type { Archive, Signer } from '../shared/ports-audit.ts';

export type AwsService = 'DynamoDB' | 'EventBridge Scheduler' | 'SQS' | 'KMS' | 'S3' | 'Lambda';
export type AwsCall = {
  /** The function that called, null for what is no function (people's phones, the page). */
  by: FunctionName | null;
  service: AwsService;
  /** `Invoke` is a function that was called, the others are calls that functions make. */
  name: string;
  /** DynamoDB's capacity units. */
  read: number;
  write: number;
  /** At most so many units more for the indexes of what was put. */
  indexes: number;
};
export type Meter = { onCall: (call: AwsCall) => void; running: () => FunctionName | null };

const Units = z.object({
  CapacityUnits: z.number().optional(),
  ReadCapacityUnits: z.number().optional(),
  WriteCapacityUnits: z.number().optional(),
});
const Output = z.object({
  ConsumedCapacity: z.union([Units, z.array(Units)]).optional(),
});
const READS = new Set(['GetItem', 'Query', 'BatchGetItem', 'TransactGetItems']);
const FREE = { read: 0, write: 0, indexes: 0 };

export const meterInvocation = (by: FunctionName, onCall: Meter['onCall']): void =>
  onCall({ by, service: 'Lambda', name: 'Invoke', ...FREE });

export function meterDynamo(client: DynamoDBClient, { onCall, running }: Meter): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const by = running();
      const name = (context.commandName ?? 'unknown').replace(/Command$/, '');
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const };
      const result = await next({ ...args, input });
      const units = capacity(Output.safeParse(result.output).data?.ConsumedCapacity);
      const isRead = READS.has(name);
      onCall({
        ...{ by, service: 'DynamoDB', name },
        ...{ read: isRead ? units : 0, write: isRead ? 0 : units, indexes: indexesOf(args.input) },
      });
      return result;
    },
    { step: 'initialize', name: 'hallpassMeter' },
  );
}

export function meterScheduler(client: SchedulerClient, { onCall, running }: Meter): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = (context.commandName ?? 'unknown').replace(/Command$/, '');
      onCall({ by: running(), service: 'EventBridge Scheduler', name, ...FREE });
      return next(args);
    },
    { step: 'initialize', name: 'hallpassMeter' },
  );
}

export const meterQueues = (queues: Queues, { onCall, running }: Meter): Queues => ({
  send: (...args) => {
    onCall({ by: running(), service: 'SQS', name: 'SendMessage', ...FREE });
    return queues.send(...args);
  },
});

/** As `kmsSecretBox` does it: a data key for every secret, opened by the key service alone. */
export function meterKeys(box: SecretBox, { onCall, running }: Meter): SecretBox {
  const count = (name: string) => onCall({ by: running(), service: 'KMS', name, ...FREE });
  return {
    seal: (...args) => {
      count('GenerateDataKey');
      return box.seal(...args);
    },
    open: (...args) => {
      count('Decrypt');
      return box.open(...args);
    },
  };
}

export const meterSigner = (signer: Signer, { onCall, running }: Meter): Signer => ({
  key: () => signer.key(),
  sign: (...args) => {
    onCall({ by: running(), service: 'KMS', name: 'Sign', ...FREE });
    return signer.sign(...args);
  },
});

/** As `s3Archive` does it: an object is read by its oldest version, which a list tells. */
export function meterArchive(archive: Archive, { onCall, running }: Meter): Archive {
  const count = (name: string) => onCall({ by: running(), service: 'S3', name, ...FREE });
  return {
    put: (...args) => {
      count('PutObject');
      return archive.put(...args);
    },
    async get(name) {
      count('ListObjectVersions');
      const text = await archive.get(name);
      if (text !== null) count('GetObject');
      return text;
    },
    names: (prefix) => {
      count('ListObjectVersions');
      return archive.names(prefix);
    },
  };
}

const Put = z.object({ Item: z.record(z.string(), z.unknown()) });
const Puts = z.object({
  Item: Put.shape.Item.optional(),
  TransactItems: z.array(z.object({ Put: Put.optional() })).default([]),
});
const INDEX_KEY = /^(due|person|container|day)Pk$/;

/** Each put into an index is a unit, in a transaction as well; one whose key moved is two. Rows are smaller than a kilobyte. */
function indexesOf(input: unknown): number {
  const { data } = Puts.safeParse(input);
  const items = [data?.Item, ...(data?.TransactItems ?? []).map((each) => each.Put?.Item)];
  return (
    2 * items.flatMap((item) => Object.keys(item ?? {}).filter((key) => INDEX_KEY.test(key))).length
  );
}

type Consumed = z.infer<typeof Output>['ConsumedCapacity'];
const capacity = (consumed: Consumed): number =>
  (Array.isArray(consumed) ? consumed : consumed ? [consumed] : []).reduce(
    (sum, { CapacityUnits = 0 }) => sum + CapacityUnits,
    0,
  );
