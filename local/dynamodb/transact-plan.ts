/**
 * Reads the body of TransactWriteItems: each member becomes one of dynalite's own operations, checked, with parsed
 * expressions. A malformed member refuses the whole request before anything is looked up.
 */
import type { Store } from 'dynalite/db/index.js';
import * as z from 'zod';
import { type Body, type DynaliteOperation, prepare } from './dynalite-operations.ts';
import { validationError } from './errors.ts';
import { requireKnownReturnValues } from './single-writes.ts';
import { nullMember, requireItemCount, wantsCapacity } from './transactions.ts';

export type PlannedOperation = {
  readonly operation: DynaliteOperation;
  readonly mode: 'write' | 'check';
  readonly prepared: Body;
  /** Answer the item as it was when the condition fails. */
  readonly returnOld: boolean;
};

const kinds: Record<
  string,
  { operation: DynaliteOperation; mode: 'write' | 'check'; fields: readonly string[] }
> = {
  Put: { operation: 'PutItem', mode: 'write', fields: ['TableName', 'Item'] },
  Update: {
    operation: 'UpdateItem',
    mode: 'write',
    fields: ['TableName', 'Key', 'UpdateExpression'],
  },
  Delete: { operation: 'DeleteItem', mode: 'write', fields: ['TableName', 'Key'] },
  // A delete whose write is discarded: the same key, the same condition, no effect.
  ConditionCheck: {
    operation: 'DeleteItem',
    mode: 'check',
    fields: ['TableName', 'Key', 'ConditionExpression'],
  },
};
const optionalFields = [
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
];
const members = z.record(z.string(), z.record(z.string(), z.unknown()).nullish());

export function planTransaction(store: Store, body: Body): PlannedOperation[] {
  return requireItemCount(body).map((item, index) => {
    const { kind, request } = onlyMemberOf(item);
    const place = `transactItems.${index + 1}.member.${lowerFirst(kind.name)}`;
    for (const field of kind.fields) {
      if (request[field] === undefined || request[field] === null) {
        throw nullMember(`${place}.${lowerFirst(field)}`);
      }
    }
    const onFailure = request['ReturnValuesOnConditionCheckFailure'];
    requireKnownReturnValues(onFailure);
    const picked = [...optionalFields, ...kind.fields].map((field) => [field, request[field]]);
    return {
      operation: kind.operation,
      mode: kind.mode,
      prepared: prepare(store, kind.operation, {
        ...Object.fromEntries(picked),
        ...(wantsCapacity(body) ? { ReturnConsumedCapacity: 'TOTAL' } : {}),
      }),
      returnOld: onFailure === 'ALL_OLD',
    };
  });
}

function onlyMemberOf(item: unknown) {
  const parsed = members.safeParse(item);
  const given = Object.entries(parsed.data ?? {}).filter(([, request]) => request);
  const [name, request] = given[0] ?? [];
  const kind = name === undefined ? undefined : kinds[name];
  if (given.length !== 1 || name === undefined || kind === undefined || !request) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  return { kind: { ...kind, name }, request };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
