/** TransactGetItems: consistent reads of up to 100 items, isolated because the engine runs one request at a time. */
import * as z from 'zod';
import { type Body, prepare, run } from './dynalite-operations.ts';
import type { Engine } from './engine.ts';
import { DynamoError, validationError } from './errors.ts';
import { digestOf } from './tokens.ts';
import {
  cancelled,
  capacityOf,
  collision,
  type Reason,
  requireItemCount,
  wantsCapacity,
} from './transactions.ts';

const getMember = z.strictObject({ Get: z.record(z.string(), z.unknown()) });

export async function transactGetItems(engine: Engine, body: Body): Promise<Body> {
  const { store } = engine.database;
  const requests = requireItemCount(body).map((item) => {
    const parsed = getMember.safeParse(item);
    if (!parsed.success) throw validationError('TransactItems can only contain Get');
    return parsed.data.Get;
  });
  requireDistinct(requests);
  const prepared = requests.map((request) =>
    prepare(store, 'GetItem', {
      ...request,
      ConsistentRead: true,
      ...(wantsCapacity(body) ? { ReturnConsumedCapacity: 'TOTAL' } : {}),
    }),
  );
  const results = await Promise.allSettled(prepared.map((get) => run(store, 'GetItem', get)));
  const reasons = results.map(reasonOf);
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  const answers = results.flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  return {
    Responses: answers.map(({ Item }) => (Item === undefined ? {} : { Item })),
    ...(wantsCapacity(body) ? { ConsumedCapacity: capacityOf(answers, 'ReadCapacityUnits') } : {}),
  };
}

function requireDistinct(requests: readonly Body[]): void {
  const places = new Set(requests.map(({ TableName, Key }) => digestOf({ TableName, Key })));
  if (places.size < requests.length) throw collision();
}

function reasonOf(result: PromiseSettledResult<Body>): Reason {
  if (result.status === 'fulfilled') return { Code: 'None' };
  const cause: unknown = result.reason;
  if (!(cause instanceof DynamoError) || cause.code !== 'ValidationException') throw cause;
  return { Code: 'ValidationError', Message: cause.message };
}
