/**
 * Requests by the indexes that know them, newest first, in the state that each index shows: it may be a moment old. What somebody
 * else asked for on a person's behalf stands in their list by its first event; its state is then read by key, all of them in one call.
 */
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { parseRecord } from '../domain/records.ts';
import type { PersonFilter, RequestFilter } from '../ports.ts';
import { asked, byIndex, type Parts, query } from './dynamo-queries.ts';
import type { ReadItem } from './gathered-reads.ts';
import { type Item, keyItem, recordFrom, toItem } from './journal-items.ts';
import { parseEventKey } from './journal-keys.ts';

type Index = { readonly name: 'person' | 'container'; readonly pk: string };
type ListParts = Parts & { readonly readItem: ReadItem };

/** One query, of more pages than one only where a filter leaves much out. */
export async function requestsBy(
  parts: ListParts,
  index: Index,
  { limit, only = {} }: { limit: number; only: PersonFilter | undefined },
): Promise<KnownRequest[]> {
  const input = narrowed(byIndex(parts.tables.journal, index.name, index.pk), only);
  const isWanted = (item: Item) => only.own !== true || heldRequest(parts, item) === null;
  const wanted = { limit, keep: isWanted };
  const items = await query(parts, wanted, { ...input, ScanIndexForward: false });
  const states = await Promise.all(items.map((item) => stateOf(parts, item)));
  return states.flatMap((state) => (state && state.status !== 'new' ? [state] : []));
}

/** The request that this row, an event, points to; null where the row is a request itself. */
function heldRequest({ tables: { tenant } }: Parts, { pk, sk }: Item): string | null {
  return parseEventKey(tenant, { pk: pk?.S ?? '', sk: sk?.S ?? '' })?.id ?? null;
}

async function stateOf(parts: ListParts, item: Item) {
  const id = heldRequest(parts, item);
  if (id === null) return parseRecord.request(unmarshall(item)['value']);
  const record = await asked(() => parts.readItem(keyItem(parts.tables, 'request', id)));
  return recordFrom('request', id, record).value;
}

/** DynamoDB leaves out what does not fit, and goes on to the next page. A request and its first event say it under other names. */
function narrowed(
  input: QueryCommandInput,
  { entitlement, provider }: RequestFilter,
): QueryCommandInput {
  const wanted = Object.entries({ id: entitlement, provider }).filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  if (wanted.length === 0) return input;
  const names = Object.fromEntries(wanted.map(([field]) => [`#${field}`, field]));
  const values = Object.fromEntries(wanted.map(([field, value]) => [`:${field}`, value]));
  const isOf = (field: string) =>
    ['value', 'event'].map((part) => `#${part}.#entitlement.#${field} = :${field}`).join(' OR ');
  return {
    ...input,
    FilterExpression: wanted.map(([field]) => `(${isOf(field)})`).join(' AND '),
    ExpressionAttributeNames: {
      ...input.ExpressionAttributeNames,
      ...{ '#value': 'value', '#event': 'event', '#entitlement': 'entitlement' },
      ...names,
    },
    ExpressionAttributeValues: { ...input.ExpressionAttributeValues, ...toItem(values) },
  };
}
