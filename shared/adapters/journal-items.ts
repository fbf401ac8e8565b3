/**
 * Journal writes as DynamoDB operations, and rows back as records. Everything is parsed by zod in both directions:
 * a row that somebody edited by hand does not become a fact.
 */
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type ChainedEvent, ChainHead, chainEvents, EMPTY_CHAIN } from '../domain/audit/chain.ts';
import type { Leaf } from '../domain/audit/checkpoint.ts';
import {
  type ChainKind,
  type EventOf,
  isChainKind,
  type Kind,
  parseEvent,
  parseRecord,
} from '../domain/records.ts';
import type { RecentEvent, Stored, Write } from '../ports.ts';
import {
  chainPk,
  dayPk,
  eventSk,
  heldAttributes,
  indexAttributes,
  markerKey,
  placeOf,
  shardOf,
} from './journal-keys.ts';
import { packedVersion, unpackedVersion } from './packed-version.ts';

export type Tables = { tenant: string; journal: string; state: string };
export type Item = Record<string, AttributeValue>;

const Json = z.json();
const Row = z.object({ rev: z.int().positive(), head: ChainHead, value: z.unknown() });
const EventRow = z.object({
  tenant: z.string(),
  kind: z.string(),
  id: z.string(),
  seq: z.int().positive(),
  event: z.unknown(),
  previous: z.string(),
  hash: z.string(),
});

export const toItem = (value: Record<string, unknown>): Item =>
  marshall(value, { removeUndefinedValues: true });

export function keyItem(tables: Tables, kind: Kind, id: string): { TableName: string; Key: Item } {
  const { table, pk, sk } = placeOf(tables.tenant, kind, id);
  return { TableName: tables[table], Key: toItem({ pk, sk }) };
}

export function recordFrom<K extends Kind>(kind: K, id: string, item: Item | undefined): Stored<K> {
  if (!item) return { kind, id, value: null, rev: 0, head: EMPTY_CHAIN };
  const row = Row.parse(unmarshall(item));
  const value = kind === 'policyVersion' ? unpackedVersion(row.value) : row.value;
  return { kind, id, value: parseRecord[kind](value), rev: row.rev, head: row.head };
}

export function eventFrom<K extends ChainKind>(
  kind: K,
  item: Item,
): ChainedEvent<EventOf<K>> & { id: string } {
  const { tenant, id, seq, event, previous, hash } = EventRow.parse(unmarshall(item));
  return {
    tenant,
    chain: `${kind}#${id}`,
    id,
    seq,
    event: parseEvent[kind](event),
    previous,
    hash,
  };
}

export function recentFrom(item: Item): RecentEvent {
  const { kind } = EventRow.parse(unmarshall(item));
  if (!isChain(kind)) throw new Error(`An event row of the unknown chain kind "${kind}"`);
  return { ...eventFrom(kind, item), kind };
}
const isChain = (kind: string): kind is ChainKind => Object.hasOwn(parseEvent, kind);

/** One write as the operations of a transaction, its own row first, then its events; and where its chain stands then. */
export function operationsOf(
  tables: Tables,
  write: Write,
  at: Date,
): { operations: TransactWriteItem[]; head: ChainHead; leaves: Leaf[] } {
  const { TableName, Key } = keyItem(tables, write.kind, write.id);
  const guard = guardOf(write.rev);
  const { head } = write;
  if (write.do === 'check')
    return { operations: [{ ConditionCheck: { TableName, Key, ...guard } }], head, leaves: [] };
  if (write.do === 'remove')
    return { operations: [{ Delete: { TableName, Key, ...guard } }], head, leaves: [] };
  const value = parseRecord[write.kind](write.next);
  const chained = isChainKind(write.kind)
    ? chainOf(tables, { ...write, kind: write.kind }, at)
    : { head, operations: [], leaves: [] };
  const indexes = indexAttributes(tables.tenant, write.kind, { id: write.id, value });
  const stored = write.kind === 'policyVersion' ? packedVersion(value) : value;
  const row = { rev: write.rev + 1, head: chained.head, value: stored, ...indexes };
  const Item = { ...Key, ...toItem(row) };
  const own = { Put: { TableName, Item, ...guard } };
  return { ...chained, operations: [own, ...chained.operations] };
}

/** The record must be as it was read. */
const guardOf = (rev: number) =>
  rev === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'rev = :rev',
        ExpressionAttributeValues: toItem({ ':rev': rev }),
      };

function chainOf(tables: Tables, write: Write & { kind: ChainKind }, at: Date) {
  const { kind, id } = write;
  const { tenant } = tables;
  const events = write.events.map((event) => Json.parse(parseEvent[kind](event)));
  const { links, head } = chainEvents({ tenant, chain: `${kind}#${id}`, head: write.head }, events);
  const day = at.toISOString().slice(0, 10);
  const operations = links.map((link) => ({
    Put: {
      TableName: tables.journal,
      Item: toItem({
        pk: chainPk(tenant, kind, id),
        sk: eventSk(link.seq),
        tenant,
        kind,
        id,
        seq: link.seq,
        event: link.event,
        previous: link.previous,
        hash: link.hash,
        dayPk: dayPk(tenant, day, shardOf(id)),
        daySk: `${at.toISOString()}#${kind}#${id}#${eventSk(link.seq)}`,
        ...heldAttributes(tenant, { id, event: link.event }),
      }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }));
  return { head, operations, leaves: links.map(({ chain, seq, hash }) => ({ chain, seq, hash })) };
}

/** The one marker of a commit: what the next checkpoint has to hold. None where nothing happened. */
export function markerOperation(
  tables: Tables,
  leaves: readonly Leaf[],
  at: Date,
): TransactWriteItem[] {
  const [first] = leaves;
  if (!first) return [];
  const Item = toItem({ ...markerKey(tables.tenant, at, first), leaves });
  return [{ Put: { TableName: tables.state, Item } }];
}
