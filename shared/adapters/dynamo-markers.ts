/** Markers of events that are not sealed yet, in the state table. Read strongly: what a commit wrote before is seen. */
import { DeleteItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { Leaf } from '../domain/audit/checkpoint.ts';
import type { BrokenMarker, Marker, Markers } from '../ports-audit.ts';
import { asked } from './dynamo-queries.ts';
import { type Item, type Tables, toItem } from './journal-items.ts';
import { MARKER_SHARDS, markerPk } from './journal-keys.ts';

const Keyed = z.looseObject({ pk: z.string(), sk: z.string() });
const Row = z.strictObject({ ...Keyed.shape, leaves: z.array(Leaf).min(1) });
const Key = z.tuple([z.string(), z.string()]);
/** Deletes that are under way at once. */
const AT_ONCE = 25;

export function dynamoMarkers(client: DynamoDBClient, { tenant, state }: Tables): Markers {
  return {
    async *before(instant) {
      for (let shard = 0; shard < MARKER_SHARDS; shard += 1)
        yield* inShard(client, { table: state, pk: markerPk(tenant, shard), instant });
    },
    async remove(markers) {
      for (let i = 0; i < markers.length; i += AT_ONCE)
        await Promise.all(
          markers.slice(i, i + AT_ONCE).map(({ key }) => {
            const [pk, sk] = Key.parse(JSON.parse(key));
            const command = new DeleteItemCommand({ TableName: state, Key: toItem({ pk, sk }) });
            return asked(() => client.send(command));
          }),
        );
    },
  };
}

async function* inShard(
  client: DynamoDBClient,
  at: { table: string; pk: string; instant: Date },
): AsyncIterable<Marker | BrokenMarker> {
  let from: Item | undefined;
  do {
    const command = new QueryCommand({
      TableName: at.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: toItem({ ':pk': at.pk, ':before': at.instant.toISOString() }),
      ...(from ? { ExclusiveStartKey: from } : {}),
    });
    const page = await asked(() => client.send(command));
    for (const item of page.Items ?? []) {
      const row = Keyed.parse(unmarshall(item));
      const leaves = Row.safeParse(row).data?.leaves ?? null;
      yield { key: JSON.stringify([row.pk, row.sk]), leaves };
    }
    from = page.LastEvaluatedKey;
  } while (from);
}
