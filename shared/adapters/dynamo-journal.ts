/**
 * The journal on DynamoDB: strongly consistent reads, one TransactWriteItems per commit, conflict by revision.
 * An answer that never came is a Fault (the commit may have landed); a row that does not parse is a defect.
 */
import {
  PutItemCommand,
  type QueryCommandInput,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { CommitResult, DueItem, Journal, RecentEvent, Write } from '../ports.ts';
import { asked, byIndex, faultOf, type Parts, pages, query } from './dynamo-queries.ts';
import { requestsBy } from './dynamo-requests.ts';
import { gatheredReads } from './gathered-reads.ts';
import {
  eventFrom,
  type Item,
  keyItem,
  markerOperation,
  operationsOf,
  recentFrom,
  recordFrom,
  toItem,
} from './journal-items.ts';
import {
  chainPk,
  dayPk,
  duePk,
  eventSk,
  isDueKind,
  LAST_EVENT_SK,
  parsePk,
  personPk,
  shards,
} from './journal-keys.ts';
import { mergedRows } from './merged-rows.ts';

const EVERYTHING = { limit: Number.POSITIVE_INFINITY };

export function dynamoJournal(parts: Parts): Journal {
  const { client, tables } = parts;
  const { tenant } = tables;
  const readItem = gatheredReads(client);
  const lists = { ...parts, readItem };
  return {
    async read(kind, id) {
      const item = await asked(() => readItem(keyItem(tables, kind, id)));
      return recordFrom(kind, id, item);
    },
    commit: (writes, at) => commit(parts, writes, at),
    async history(kind, id, after = 0) {
      const items = await query(parts, EVERYTHING, {
        TableName: tables.journal,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: toItem({
          ':pk': chainPk(tenant, kind, id),
          ':from': eventSk(after + 1),
          ':to': LAST_EVENT_SK,
        }),
      });
      return items.map((item) => eventFrom(kind, item)).map(({ id: _, ...event }) => event);
    },
    due: (before, limit, kind) => due(parts, { before, kind }, limit),
    requestsOf: (person, limit, only) =>
      requestsBy(lists, { name: 'person', pk: personPk(tenant, person) }, { limit, only }),
    requestsIn: (container, limit, only) =>
      requestsBy(
        lists,
        { name: 'container', pk: `${tenant}#container#${container}` },
        { limit, only },
      ),
    async eventsOn(day, limit) {
      const perShard = await Promise.all(
        shards().map((shard) =>
          query(
            parts,
            { limit },
            {
              ...byIndex(tables.journal, 'day', dayPk(tenant, day, shard)),
              ScanIndexForward: false,
            },
          ),
        ),
      );
      return perShard
        .flat()
        .sort((a, b) => ((a['daySk']?.S ?? '') < (b['daySk']?.S ?? '') ? 1 : -1))
        .slice(0, limit)
        .map(recentFrom);
    },
    eventsBetween: (from, to) => eventsBetween(parts, from, to),
    allDue: (before) => allDue(parts, before),
  };
}

async function commit(parts: Parts, writes: readonly Write[], at: Date): Promise<CommitResult> {
  const each = writes.map((write) => ({ write, ...operationsOf(parts.tables, write, at) }));
  const heads = each.map(({ head }) => head);
  const operations = each.flatMap(({ write, operations: own }) =>
    own.map((operation): { write: Write; operation: TransactWriteItem } => ({ write, operation })),
  );
  const marker = markerOperation(
    parts.tables,
    each.flatMap(({ leaves }) => leaves),
    at,
  );
  const items = [...operations.map(({ operation }) => operation), ...marker];
  const single = items.length === 1 ? items[0]?.Put : undefined;
  // One row alone needs no transaction, which costs twice the capacity.
  const command = single
    ? new PutItemCommand(single)
    : new TransactWriteItemsCommand({ TransactItems: items });
  try {
    await (command instanceof PutItemCommand
      ? parts.client.send(command)
      : parts.client.send(command));
    return { committed: true, heads };
  } catch (error) {
    const failed = conflictsIn(error, items.length);
    if (!failed) throw faultOf(error);
    const writesHit = new Set(failed.flatMap((index) => operations[index]?.write ?? []));
    return { committed: false, conflicts: [...writesHit].map(({ kind, id }) => ({ kind, id })) };
  }
}

const Cancelled = z.object({
  name: z.literal('TransactionCanceledException'),
  CancellationReasons: z.array(z.object({ Code: z.string().optional() })),
});
const CONFLICTS = new Set(['ConditionalCheckFailed', 'TransactionConflict']);
const Named = z.object({ name: z.string() });

/** Which operations met a changed row, or null when it was something else that failed. */
function conflictsIn(error: unknown, count: number): number[] | null {
  const name = Named.safeParse(error).data?.name ?? '';
  const all = Array.from({ length: count }, (_, index) => index);
  if (name === 'ConditionalCheckFailedException' || name === 'TransactionConflictException')
    return all;
  const cancelled = Cancelled.safeParse(error);
  if (!cancelled.success) return null;
  const codes = cancelled.data.CancellationReasons.map((reason) => reason.Code ?? 'None');
  if (!codes.every((code) => code === 'None' || CONFLICTS.has(code))) return null;
  const hit = codes.flatMap((code, index) => (CONFLICTS.has(code) ? [index] : []));
  return hit.length > 0 ? hit : null;
}

type Due = { readonly before: Date; readonly kind: DueItem['kind'] | undefined };

async function due(parts: Parts, which: Due, limit: number): Promise<DueItem[]> {
  const queries = dueQueries(parts, which).map((input) => query(parts, { limit }, input));
  const rows = (await Promise.all(queries)).flat();
  return rows
    .flatMap((row) => dueFrom(parts.tables.tenant, row))
    .filter(({ kind }) => which.kind === undefined || kind === which.kind)
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
    .slice(0, limit);
}

function dueQueries({ tables: places }: Parts, { before, kind }: Due): QueryCommandInput[] {
  const { tenant, journal, state } = places;
  // Requests stand in the journal, everything else in the state table.
  const others = { holding: [state], notice: [state], watch: [state], leaver: [state] };
  const tables = { request: [journal], ...others, any: [journal, state] };
  return shards().flatMap((shard) =>
    tables[kind ?? 'any'].map((TableName) => ({
      TableName,
      IndexName: 'due',
      KeyConditionExpression: 'duePk = :pk AND dueAt <= :before',
      ExpressionAttributeValues: toItem({
        ':pk': duePk(tenant, shard),
        ':before': before.toISOString(),
      }),
    })),
  );
}

function dueFrom(tenant: string, row: Item): DueItem[] {
  const { pk, dueAt } = DueRow.parse(unmarshall(row));
  const place = parsePk(tenant, pk);
  if (!place || !isDueKind(place.kind)) return [];
  return [{ kind: place.kind, id: place.id, dueAt }];
}
const DueRow = z.object({ pk: z.string(), dueAt: z.string() });

async function* allDue(parts: Parts, before: Date): AsyncIterable<DueItem> {
  for (const input of dueQueries(parts, { before, kind: undefined }))
    for await (const row of pages(parts, input)) yield* dueFrom(parts.tables.tenant, row);
}

const DAY_MS = 86_400_000;

/** The sort key begins with the instant: `to` itself sorts before every event of its instant, so it is exclusive. */
async function* eventsBetween(parts: Parts, from: Date, to: Date): AsyncIterable<RecentEvent> {
  const { tenant, journal } = parts.tables;
  const firstDay = Math.floor(from.getTime() / DAY_MS) * DAY_MS;
  for (let day = firstDay; day < to.getTime(); day += DAY_MS) {
    const perShard = shards().map((shard) => {
      const pk = dayPk(tenant, new Date(day).toISOString().slice(0, 10), shard);
      return pages(parts, {
        ...byIndex(journal, 'day', pk),
        KeyConditionExpression: '#pk = :pk AND daySk BETWEEN :from AND :to',
        ExpressionAttributeValues: toItem({
          ':pk': pk,
          ':from': from.toISOString(),
          ':to': to.toISOString(),
        }),
      });
    });
    for await (const row of mergedRows(perShard, 'daySk')) yield recentFrom(row);
  }
}
