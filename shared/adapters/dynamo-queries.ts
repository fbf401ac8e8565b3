/**
 * Asking DynamoDB for many rows: by an index, page by page, and what a failure means. An answer that never came is a Fault; a request
 * of ours that DynamoDB cannot read is a defect.
 */
import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { Fault } from '../ports.ts';
import { type Item, type Tables, toItem } from './journal-items.ts';

export type Parts = { client: DynamoDBClient; tables: Tables };

export const byIndex = (TableName: string, IndexName: string, pk: string): QueryCommandInput => ({
  TableName,
  IndexName,
  KeyConditionExpression: '#pk = :pk',
  ExpressionAttributeNames: { '#pk': `${IndexName}Pk` },
  ExpressionAttributeValues: toItem({ ':pk': pk }),
});

/** Row after row, one page in memory at a time. */
export async function* pages(parts: Parts, input: QueryCommandInput): AsyncIterable<Item> {
  let from: Item | undefined;
  do {
    const command = new QueryCommand({ ...input, ...(from ? { ExclusiveStartKey: from } : {}) });
    const page = await asked(() => parts.client.send(command));
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

/** Rows that a filter looks at in one call: with `Limit` as few as are still wanted it would ask for one at a time. */
const FILTERED_AT_ONCE = 300;

/** `keep` leaves out here what DynamoDB answers: for what is seldom, so that the first page need be no longer than what is wanted. */
export type Wanted = { readonly limit: number; readonly keep?: (item: Item) => boolean };

/** All pages up to the limit; with a filter, as many as it takes. */
export async function query(
  parts: Parts,
  { limit, keep = () => true }: Wanted,
  input: QueryCommandInput,
): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const left = limit - items.length;
    const most = input.FilterExpression === undefined && !from ? left : FILTERED_AT_ONCE;
    const command = new QueryCommand({
      ...input,
      ...(Number.isFinite(left) ? { Limit: most } : {}),
      ...(from ? { ExclusiveStartKey: from } : {}),
    });
    const page = await asked(() => parts.client.send(command));
    items.push(...(page.Items ?? []).filter(keep));
    from = page.LastEvaluatedKey;
  } while (from && items.length < limit);
  return items.slice(0, limit);
}

/** Everything that fails but our own malformed request is a Fault. */
export async function asked<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw faultOf(error);
  }
}

const Named = z.object({ name: z.string() });
const Answered = z.object({ $metadata: z.object({ httpStatusCode: z.number().optional() }) });
/** Our own malformed request is a defect; everything else is the outside world. */
export function faultOf(error: unknown): unknown {
  const name = Named.safeParse(error).data?.name ?? 'unknown error';
  if (name === 'ValidationException' || error instanceof z.ZodError || error instanceof TypeError)
    return error;
  const status = Answered.safeParse(error).data?.$metadata.httpStatusCode;
  const denied = name === 'AccessDeniedException' || name === 'ResourceNotFoundException';
  return new Fault(
    `DynamoDB did not do it (${name}, HTTP ${status ?? 'none'}). Check the table and its limits.`,
    {
      service: 'journal',
      retryable: !denied,
      cause: error,
    },
  );
}
