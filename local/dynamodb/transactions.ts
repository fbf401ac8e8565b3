/** What TransactWriteItems and TransactGetItems share: the limits, the cancellation and the doubled capacity. */
import * as z from 'zod';
import type { Body } from './dynalite-operations.ts';
import { DynamoError, validationError } from './errors.ts';

const maxItems = 100;

export type Reason = { Code: string; Message?: string; Item?: unknown };

/** @throws DynamoError ValidationException unless there are 1 to 100 items */
export function requireItemCount(body: Body): unknown[] {
  const items = body['TransactItems'];
  if (!Array.isArray(items)) throw wrongCount('not be null');
  if (items.length < 1) throw wrongCount('have length greater than or equal to 1');
  if (items.length > maxItems) throw wrongCount(`have length less than or equal to ${maxItems}`);
  return items;
}

function wrongCount(constraint: string): DynamoError {
  return validationError(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must ${constraint}`,
  );
}

export function nullMember(place: string): DynamoError {
  return validationError(
    `1 validation error detected: Value null at '${place}' failed to satisfy constraint: Member must not be null`,
  );
}

export function collision(): DynamoError {
  return validationError('Transaction request cannot include multiple operations on one item');
}

/** One reason for each operation, in order; `None` where the operation itself was fine. */
export function cancelled(reasons: readonly Reason[]): DynamoError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new DynamoError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { detail: { CancellationReasons: reasons } },
  );
}

export function wantsCapacity(body: Body): boolean {
  return body['ReturnConsumedCapacity'] === 'TOTAL' || body['ReturnConsumedCapacity'] === 'INDEXES';
}

const consumed = z.object({
  ConsumedCapacity: z.object({ TableName: z.string(), CapacityUnits: z.number() }),
});

/** Per table, twice what the operations cost alone. Index writes are not counted, as everywhere in dynalite. */
export function capacityOf(
  answers: readonly Body[],
  unit: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): Body[] {
  const units = new Map<string, number>();
  for (const answer of answers) {
    const { TableName, CapacityUnits } = consumed.parse(answer).ConsumedCapacity;
    units.set(TableName, (units.get(TableName) ?? 0) + 2 * CapacityUnits);
  }
  return [...units].map(([TableName, CapacityUnits]) => ({
    TableName,
    CapacityUnits,
    [unit]: CapacityUnits,
  }));
}
