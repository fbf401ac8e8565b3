/** Requests by the indexes that know them, newest first, in the state that each index shows: it may be a moment old. */
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { parseRecord } from '../domain/records.ts';
import type { RequestFilter } from '../ports.ts';
import { byIndex, type Parts, query } from './dynamo-queries.ts';
import { toItem } from './journal-items.ts';

type Index = { readonly name: 'person' | 'subject' | 'container'; readonly pk: string };

/** One query, of more pages than one only where a filter leaves much out. */
export async function requestsBy(
  parts: Parts,
  index: Index,
  { limit, only }: { limit: number; only: RequestFilter | undefined },
): Promise<KnownRequest[]> {
  const input = byIndex(parts.tables.journal, index.name, index.pk);
  const items = await query(parts, limit, {
    ...narrowed(input, only ?? {}),
    ScanIndexForward: false,
  });
  return items.flatMap((item) => {
    const state = parseRecord.request(unmarshall(item)['value']);
    return state.status === 'new' ? [] : [state];
  });
}

/** DynamoDB leaves out what does not fit, and goes on to the next page. */
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
  return {
    ...input,
    FilterExpression: wanted
      .map(([field]) => `#value.#entitlement.#${field} = :${field}`)
      .join(' AND '),
    ExpressionAttributeNames: {
      ...input.ExpressionAttributeNames,
      ...{ '#value': 'value', '#entitlement': 'entitlement' },
      ...names,
    },
    ExpressionAttributeValues: { ...input.ExpressionAttributeValues, ...toItem(values) },
  };
}
