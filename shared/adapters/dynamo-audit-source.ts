/**
 * The audit log as it lies in the tables, for a verifier: every event row under the key at which it stands, where each record
 * says its chain stands, the policy versions. Reads page by page and interprets nothing: what does not look like our rows is
 * handed on as it is, for the verifier to name.
 */
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type {
  AuditSource,
  FoundHead,
  FoundPolicy,
  FoundRow,
} from '../domain/audit/audit-source.ts';
import { ChainHead } from '../domain/audit/chain.ts';
import { CHECKPOINTS } from '../domain/audit/checkpoint.ts';
import { isChainKind } from '../domain/records.ts';
import type { Archive } from '../ports-audit.ts';
import { asked } from './dynamo-queries.ts';
import { type Item, keyItem, type Tables, toItem } from './journal-items.ts';
import { chainPk, dayPk, eventSk, parseEventKey, parsePk, shardOf } from './journal-keys.ts';
import { unpackedVersion } from './packed-version.ts';

const Keyed = z.looseObject({ pk: z.string(), sk: z.string() });
type Keyed = z.infer<typeof Keyed>;
const Indexed = z.object({ dayPk: z.string(), daySk: z.string() });
const Headed = z.object({ head: ChainHead });
const Version = z.object({ value: z.object({ text: z.string(), content: z.string() }) });
/** Attributes of an event row that its hash does not cover: its key and its place in the index by day. */
const BESIDE = new Set(['pk', 'sk', 'dayPk', 'daySk', 'kind', 'id']);

/** @param archive where checkpoints and leaves lie */
export function dynamoAuditSource(
  client: DynamoDBClient,
  tables: Tables,
  archive: Archive,
): AuditSource {
  const { tenant } = tables;
  return {
    async *checkpoints() {
      for await (const name of archive.names(CHECKPOINTS))
        yield { name, text: await archive.get(name) };
    },
    leaves: (name) => archive.get(name),
    async *rows() {
      for await (const page of pages(client, tables.journal, `${tenant}#`))
        yield page.flatMap((item) => foundRow(tenant, item));
    },
    async *heads() {
      for (const table of [tables.journal, tables.state])
        for await (const page of pages(client, table, `${tenant}#`))
          yield page.flatMap((item) => foundHead(tenant, item));
    },
    async *policies() {
      for await (const page of pages(client, tables.state, `${tenant}#policyVersion#`))
        for (const item of page) yield foundPolicy(tenant, item);
    },
    narrowed: (chain) => ofChain({ client, tables }, chain),
  };
}

type Parts = { readonly client: DynamoDBClient; readonly tables: Tables };

/** One chain by its key: its events in one query, its record and, of a request, that of its holding in one read each. */
function ofChain(
  { client, tables }: Parts,
  chain: string,
): Required<Pick<AuditSource, 'rows' | 'heads'>> {
  const { tenant } = tables;
  const pk = `${tenant}#${chain}`;
  const stateOf = async (of: string): Promise<FoundHead[]> => {
    const place = parsePk(tenant, `${tenant}#${of}`);
    if (!place) return [];
    const command = new GetItemCommand({
      ...keyItem(tables, place.kind, place.id),
      ConsistentRead: true,
    });
    const { Item } = await asked(() => client.send(command));
    return Item ? foundHead(tenant, Keyed.parse(unmarshall(Item))) : [];
  };
  return {
    async *rows() {
      for await (const page of chainPages({ client, tables }, pk))
        yield page.flatMap((item) => foundRow(tenant, item));
    },
    async *heads() {
      const own = await stateOf(chain);
      yield own;
      for (const { value } of own) {
        const held = Held.safeParse(value);
        if (held.success) yield await stateOf(`holding#${held.data.holdingId}`);
      }
    },
  };
}
const Held = z.object({ holdingId: z.string() });

async function* chainPages({ client, tables }: Parts, pk: string): AsyncIterable<Keyed[]> {
  let from: Item | undefined;
  do {
    const command = new QueryCommand({
      TableName: tables.journal,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
      ExpressionAttributeValues: toItem({ ':pk': pk, ':event': 'event#' }),
      ...(from ? { ExclusiveStartKey: from } : {}),
    });
    const page = await asked(() => client.send(command));
    yield (page.Items ?? []).map((item) => Keyed.parse(unmarshall(item)));
    from = page.LastEvaluatedKey;
  } while (from);
}

function foundRow(tenant: string, item: Keyed): FoundRow[] {
  if (!item.sk.startsWith('event#')) return [];
  const key = parseEventKey(tenant, item);
  const chain = key ? `${key.kind}#${key.id}` : item.pk.slice(tenant.length + 1);
  const own = Object.entries(item).filter(([name]) => !BESIDE.has(name));
  const seq = key?.seq ?? 0;
  const row = { ...Object.fromEntries(own), chain };
  // Only what is JSON can be an event; everything else is handed on as the nothing it is.
  return [{ chain, seq, row: z.json().safeParse(row).data, misplaced: misplaced(tenant, item) }];
}

/** A row that another day, another chain or nobody's list shows is hidden from whoever reads by index. */
function misplaced(tenant: string, item: Keyed): string | null {
  const key = parseEventKey(tenant, item);
  if (!key) return 'Its key is not that of an event.';
  if (item.sk !== eventSk(key.seq)) return `Its key is not written as ${eventSk(key.seq)}.`;
  if (
    item['kind'] !== key.kind ||
    item['id'] !== key.id ||
    item.pk !== chainPk(tenant, key.kind, key.id)
  )
    return 'Its kind or id is not that of its key.';
  const indexed = Indexed.safeParse(item);
  const at = indexed.data?.daySk.split('#')[0] ?? '';
  const isListed =
    indexed.data?.dayPk === dayPk(tenant, at.slice(0, 10), shardOf(key.id)) &&
    indexed.data.daySk === `${at}#${key.kind}#${key.id}#${item.sk}` &&
    isNear(at, z.object({ event: z.object({ at: z.string() }) }).safeParse(item).data?.event.at);
  return isListed ? null : 'It is not listed under the day and time at which it was written.';
}

/** A commit comes some moments after what it says; clocks are apart by minutes at most. */
const NEAR_MS = 15 * 60_000;
const isNear = (listed: string, said: string | undefined): boolean =>
  Math.abs(Date.parse(listed) - Date.parse(said ?? '')) <= NEAR_MS;

function foundHead(tenant: string, item: Keyed): FoundHead[] {
  const place = item.sk === 'state' ? parsePk(tenant, item.pk) : null;
  if (!place || !isChainKind(place.kind)) return [];
  const head = Headed.safeParse(item).data?.head ?? { seq: 1, hash: '' };
  return [{ chain: `${place.kind}#${place.id}`, ...head, value: item['value'] ?? null }];
}

function foundPolicy(tenant: string, item: Keyed): FoundPolicy {
  const hash = item.pk.slice(`${tenant}#policyVersion#`.length);
  const value = unpackedVersion(item['value']);
  const version = Version.safeParse({ value }).data?.value ?? { text: '', content: '' };
  return { hash, ...version };
}

async function* pages(
  client: DynamoDBClient,
  TableName: string,
  prefix: string,
): AsyncIterable<Keyed[]> {
  let from: Item | undefined;
  do {
    const command = new ScanCommand({
      TableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: toItem({ ':prefix': prefix }),
      ...(from ? { ExclusiveStartKey: from } : {}),
    });
    const page = await asked(() => client.send(command));
    yield (page.Items ?? []).map((item) => Keyed.parse(unmarshall(item)));
    from = page.LastEvaluatedKey;
  } while (from);
}
