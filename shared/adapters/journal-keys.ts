/**
 * Where each record lives: table, partition key, sort key, and its places in the indexes. Requests and all
 * events are in the journal table (its stream wakes `route`); everything else is in the state table.
 * The tenant is part of every key.
 */
import * as z from 'zod';
import { requestDueAt } from '../domain/access-request/model.ts';
import { type ChainKind, isChainKind, type Kind, parseRecord, RECORDS } from '../domain/records.ts';
import type { DueItem } from '../ports.ts';

export type JournalPlace = { table: 'journal' | 'state'; pk: string; sk: string };
const STATE_SK = 'state';
const EVENT_SK = 'event#';
/** Two partitions take 2,000 writes a second; each one more costs every sweep two queries. */
const SHARDS = 2;

/** Behind every event's key. */
export const LAST_EVENT_SK = `${EVENT_SK}~`;
/** Kinds of which time itself may demand something. */
export const isDueKind = (kind: Kind): kind is DueItem['kind'] =>
  kind === 'leaver' ||
  kind === 'request' ||
  kind === 'holding' ||
  kind === 'notice' ||
  kind === 'watch';
export const eventSk = (seq: number): string => `${EVENT_SK}${String(seq).padStart(6, '0')}`;
export const chainPk = (tenant: string, kind: Kind, id: string): string =>
  `${tenant}#${kind}#${id}`;

export function placeOf(tenant: string, kind: Kind, id: string): JournalPlace {
  if (kind === 'request') return { table: 'journal', pk: chainPk(tenant, kind, id), sk: STATE_SK };
  if (kind !== 'text') return { table: 'state', pk: chainPk(tenant, kind, id), sk: STATE_SK };
  const [requestId = '', key = ''] = id.split('#');
  return { table: 'journal', pk: chainPk(tenant, 'request', requestId), sk: `text#${key}` };
}

/** Index attributes of a record, computed from its value; absent ones keep the item out of the index. */
export function indexAttributes(
  tenant: string,
  kind: Kind,
  record: { id: string; value: unknown },
): Record<string, string | number> {
  if (kind === 'holding') {
    const { dueAt } = parseRecord.holding(record.value);
    return due(tenant, record.id, dueAt);
  }
  if (kind === 'request') {
    const state = parseRecord.request(record.value);
    if (state.status === 'new') return {};
    const { provider, kind: containerKind, resource } = state.entitlement;
    const newest = `${state.requestedAt}#${record.id}`;
    return {
      ...due(tenant, record.id, requestDueAt(state)),
      personPk: personPk(tenant, state.requester),
      personSk: newest,
      containerPk: `${tenant}#container#${provider}:${containerKind}:${resource}`,
      containerSk: newest,
    };
  }
  if (kind === 'notice')
    return due(tenant, record.id, parseRecord.notice(record.value).due?.at ?? null);
  if (kind === 'leaver') return due(tenant, record.id, parseRecord.leaver(record.value).dueAt);
  if (kind === 'watch') return due(tenant, record.id, parseRecord.watch(record.value).dueAt);
  const ttl = expiryOf(kind, record.value);
  return ttl === null ? {} : { ttl };
}

const OnBehalf = z.object({
  type: z.literal('AccessRequested'),
  at: z.string(),
  requester: z.string(),
  subject: z.string(),
});

/**
 * Where an event stands in the index of requests by person: the one with which a request begins, under who holds the access, when
 * somebody else asked. The record itself stands under who asked, and an item has one place in an index; this row never changes.
 */
export function heldAttributes(
  tenant: string,
  { id, event }: { id: string; event: unknown },
): Record<string, string> {
  const { data } = OnBehalf.safeParse(event);
  if (!data || data.subject === data.requester) return {};
  return { personPk: personPk(tenant, data.subject), personSk: `${data.at}#${id}` };
}

const EXPIRING = ['draft', 'interaction', 'suggestion', 'ahead', 'alias'] as const;

/** DynamoDB may delete these after a day beyond their end; code never relies on it. */
function expiryOf(kind: Kind, value: unknown): number | null {
  const expiring = EXPIRING.find((each) => each === kind);
  if (!expiring) return null;
  const { expiresAt } = parseRecord[expiring](value);
  return Math.floor(Date.parse(expiresAt) / 1000) + 86_400;
}

function due(tenant: string, id: string, dueAt: string | null): Record<string, string> {
  return dueAt === null ? {} : { duePk: duePk(tenant, shardOf(id)), dueAt };
}
export const duePk = (tenant: string, shard: number): string => `${tenant}#open#${shard}`;
export const shards = (): number[] => Array.from({ length: SHARDS }, (_, shard) => shard);
export const personPk = (tenant: string, person: string): string => `${tenant}#person#${person}`;
export const dayPk = (tenant: string, day: string, shard: number): string =>
  `${tenant}#day#${day}#${shard}`;

/** A stable small number for an id; evenly spread, so that no partition is hot. */
export const shardOf = (id: string): number => spread(id, SHARDS);

function spread(id: string, over: number): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % over;
}

/** Markers of events that no checkpoint holds yet: spread wide, since every commit writes one. */
export const MARKER_SHARDS = 16;
export const markerPk = (tenant: string, shard: number): string => `${tenant}#unsealed#${shard}`;
/** In the state table, so that the journal's stream does not carry them. */
export function markerKey(
  tenant: string,
  at: Date,
  first: { chain: string; seq: number },
): { pk: string; sk: string } {
  return {
    pk: markerPk(tenant, spread(first.chain, MARKER_SHARDS)),
    sk: `${at.toISOString()}#${first.chain}#${eventSk(first.seq)}`,
  };
}

/** Reads a primary key back; null for rows that are not ours to interpret. */
export function parsePk(tenant: string, pk: string): { kind: Kind; id: string } | null {
  const prefix = `${tenant}#`;
  if (!pk.startsWith(prefix)) return null;
  const rest = pk.slice(prefix.length);
  const split = rest.indexOf('#');
  const kind = rest.slice(0, split);
  return split > 0 && isKind(kind) ? { kind, id: rest.slice(split + 1) } : null;
}

/** The chain and number of an event row, null for every other row. */
export function parseEventKey(
  tenant: string,
  key: { pk: string; sk: string },
): { kind: ChainKind; id: string; seq: number } | null {
  const place = parsePk(tenant, key.pk);
  if (!place || !isChainKind(place.kind) || !key.sk.startsWith(EVENT_SK)) return null;
  return { kind: place.kind, id: place.id, seq: Number(key.sk.slice(EVENT_SK.length)) };
}

const isKind = (kind: string): kind is Kind => Object.hasOwn(RECORDS, kind);
