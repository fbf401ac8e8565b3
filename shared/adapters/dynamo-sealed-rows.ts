/** Event rows of the journal as they stand, for whoever compares them with what was sealed. Strongly consistent, read only. */
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { SealedRow, SealedRows } from '../ports-audit.ts';
import { asked } from './dynamo-queries.ts';
import { type Item, toItem } from './journal-items.ts';
import { eventSk } from './journal-keys.ts';

const Row = z.object({
  tenant: z.string(),
  kind: z.string(),
  id: z.string(),
  seq: z.int().positive(),
  event: z.object({ type: z.string(), at: z.string() }).catchall(z.json()),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string(),
});

export function dynamoSealedRows(
  client: DynamoDBClient,
  { tenant, journal }: { tenant: string; journal: string },
): SealedRows {
  return {
    async between(chain, first, last) {
      const found: SealedRow[] = [];
      let from: Item | undefined;
      do {
        const command = new QueryCommand({
          TableName: journal,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: toItem({
            ':pk': `${tenant}#${chain}`,
            ':first': eventSk(first),
            ':last': eventSk(last),
          }),
          ...(from ? { ExclusiveStartKey: from } : {}),
        });
        const page = await asked(() => client.send(command));
        found.push(...(page.Items ?? []).flatMap(rowFrom));
        from = page.LastEvaluatedKey;
      } while (from);
      return found;
    },
  };
}

/** A row that somebody made unreadable is none. */
function rowFrom(item: Item): SealedRow[] {
  const row = Row.safeParse(unmarshall(item));
  if (!row.success) return [];
  const { kind, id, ...rest } = row.data;
  return [{ ...rest, chain: `${kind}#${id}` }];
}
