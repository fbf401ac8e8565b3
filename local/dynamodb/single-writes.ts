/** PutItem, UpdateItem, DeleteItem and BatchWriteItem: dynalite's actions on a stage, committed with their change records. */
import { type Body, prepare } from './dynalite-operations.ts';
import { commitStage, type Engine } from './engine.ts';
import { DynamoError, validationError } from './errors.ts';
import { openStage, type View } from './stage.ts';

export type SingleWrite = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'BatchWriteItem';

export async function writeSingle(
  engine: Engine,
  operation: SingleWrite,
  body: Body,
): Promise<Body> {
  const { store } = engine.database;
  const onFailure = body['ReturnValuesOnConditionCheckFailure'];
  const prepared = prepare(store, operation, body);
  requireKnownReturnValues(onFailure);
  const stage = openStage(store);
  const view = stage.view();
  const answer = await view.run(operation, prepared, 'write').catch((cause: unknown) => {
    throw withOldItem(cause, view, onFailure);
  });
  await commitStage(engine, stage);
  return answer;
}

export function requireKnownReturnValues(value: unknown): void {
  if (value === undefined || value === null || value === 'ALL_OLD' || value === 'NONE') return;
  throw validationError(
    `1 validation error detected: Value '${String(value)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`,
  );
}

function withOldItem(cause: unknown, view: View, onFailure: unknown): unknown {
  const before = view.items[0]?.before;
  const wanted = onFailure === 'ALL_OLD' && before !== undefined;
  if (!(cause instanceof DynamoError) || !wanted) return cause;
  if (cause.code !== 'ConditionalCheckFailedException') return cause;
  return new DynamoError(cause.code, cause.message, { detail: { Item: before } });
}
