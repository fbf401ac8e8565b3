/**
 * The audit log as it lies in the tables, for a verifier: every event row under the key at which it stands, where each record
 * says its chain stands, the policy versions. All of it page by page, or by keys the chains that somebody asks for.
 */
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { AuditSource, FoundHead, FoundPolicy, News } from '../domain/audit/audit-source.ts';
import { CHECKPOINTS } from '../domain/audit/checkpoint.ts';
import type { Kind } from '../domain/records.ts';
import type { Archive } from '../ports-audit.ts';
import { asked } from './dynamo-queries.ts';
import { foundHead, foundPolicy, foundRow, Keyed, NEAR_MS } from './found-items.ts';
import { type Item, keyItem, type Tables, toItem } from './journal-items.ts';
import { dayPk, parsePk, shards } from './journal-keys.ts';

type Parts = { readonly client: DynamoDBClient; readonly tables: Tables };
type Chains = Pick<AuditSource, 'rows' | 'heads'>;

/** @param archive where checkpoints and leaves lie */
export function dynamoAuditSource(
  client: DynamoDBClient,
  tables: Tables,
  archive: Archive,
): AuditSource {
  const { tenant } = tables;
  const parts = { client, tables };
  return {
    async *checkpoints() {
      for await (const name of archive.names(CHECKPOINTS))
        yield { name, text: await archive.get(name) };
    },
    leaves: (name) => archive.get(name),
    async *rows() {
      for await (const page of scanned(client, tables.journal, `${tenant}#`))
        yield page.flatMap((item) => foundRow(tenant, item));
    },
    async *heads() {
      for (const table of [tables.journal, tables.state])
        for await (const page of scanned(client, table, `${tenant}#`))
          yield page.flatMap((item) => foundHead(tenant, item));
    },
    async *policies() {
      for await (const page of scanned(client, tables.state, `${tenant}#policyVersion#`))
        for (const item of page) yield foundPolicy(tenant, item);
    },
    narrowed: (chain) => ofChain(parts, chain),
    since: (news) => withNews(parts, news),
  };
}

/** One chain by its key: its events in one query, its record and, of a request, that of its holding in one read each. */
function ofChain(parts: Parts, chain: string): Chains {
  return {
    rows: () => rowsOf(parts, chain),
    async *heads() {
      const own = await recordOf(parts, chain);
      yield own;
      for (const holding of holdingsOf(own)) yield await recordOf(parts, holding);
    },
  };
}

/** Beyond it everything is read sooner than chain by chain. */
const MOST_CHAINS = 5000;
/** Reads that are under way at once. */
const AT_ONCE = 16;

/** Null: there is news of so many chains that all should be read. */
async function withNews(
  parts: Parts,
  news: News,
): Promise<(Chains & Pick<AuditSource, 'policies'>) | null> {
  const chains = new Set(news.chains);
  for await (const chain of listed(parts, news)) {
    chains.add(chain);
    if (chains.size > MOST_CHAINS) return null;
  }
  // Of a request what its holding says of it, of a holding all that it says: of the requests that it lists.
  for (const related of [holdingsOf, requestsOf])
    for await (const records of atOnce([...chains], (chain) => recordOf(parts, chain)))
      for (const chain of related(records)) chains.add(chain);
  const names = [...chains].sort();
  return {
    async *rows() {
      for (const chain of names) yield* rowsOf(parts, chain);
    },
    heads: () => atOnce(names, (chain) => recordOf(parts, chain)),
    async *policies(named = new Set()) {
      for (const hash of named) yield* await versionOf(parts, hash);
    },
  };
}

async function* atOnce<T>(
  names: readonly string[],
  read: (name: string) => Promise<T[]>,
): AsyncIterable<T[]> {
  for (let i = 0; i < names.length; i += AT_ONCE)
    yield (await Promise.all(names.slice(i, i + AT_ONCE).map(read))).flat();
}

const DAY_MS = 86_400_000;

/** Chains that have rows in the index by day, from some minutes before on: clocks may be apart. */
async function* listed({ client, tables }: Parts, { from, to }: News): AsyncIterable<string> {
  const { tenant } = tables;
  const first = new Date(Date.parse(from) - NEAR_MS).toISOString();
  const end = Date.parse(to) + NEAR_MS;
  for (let at = Date.parse(`${first.slice(0, 10)}T00:00:00.000Z`); at <= end; at += DAY_MS)
    for (const shard of shards())
      for await (const page of queried(client, {
        TableName: tables.journal,
        IndexName: 'day',
        KeyConditionExpression: 'dayPk = :pk AND daySk >= :from',
        ProjectionExpression: 'pk, sk',
        ExpressionAttributeValues: toItem({
          ':pk': dayPk(tenant, new Date(at).toISOString().slice(0, 10), shard),
          ':from': first,
        }),
      }))
        for (const { pk } of page) yield pk.slice(tenant.length + 1);
}

const Held = z.object({ holdingId: z.string() });
const Lists = z.object({ grants: z.array(z.object({ grantId: z.string() })) });
const holdingsOf = (heads: readonly FoundHead[]): string[] =>
  heads.flatMap(({ value }) => {
    const held = Held.safeParse(value);
    return held.success ? [`holding#${held.data.holdingId}`] : [];
  });
const requestsOf = (heads: readonly FoundHead[]): string[] =>
  heads.flatMap(({ value }) =>
    (Lists.safeParse(value).data?.grants ?? []).map(({ grantId }) => `request#${grantId}`),
  );

async function recordOf(parts: Parts, chain: string): Promise<FoundHead[]> {
  const { tenant } = parts.tables;
  const place = parsePk(tenant, `${tenant}#${chain}`);
  const item = place && (await itemAt(parts, place));
  return item ? foundHead(tenant, item) : [];
}

async function versionOf(parts: Parts, hash: string): Promise<FoundPolicy[]> {
  const item = await itemAt(parts, { kind: 'policyVersion', id: hash });
  return item ? [foundPolicy(parts.tables.tenant, item)] : [];
}

async function itemAt({ client, tables }: Parts, { kind, id }: Place): Promise<Keyed | null> {
  const command = new GetItemCommand({ ...keyItem(tables, kind, id), ConsistentRead: true });
  const { Item } = await asked(() => client.send(command));
  return Item ? Keyed.parse(unmarshall(Item)) : null;
}
type Place = { readonly kind: Kind; readonly id: string };

async function* rowsOf({ client, tables }: Parts, chain: string) {
  const { tenant, journal } = tables;
  for await (const page of queried(client, {
    TableName: journal,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
    ExpressionAttributeValues: toItem({ ':pk': `${tenant}#${chain}`, ':event': 'event#' }),
  }))
    yield page.flatMap((item) => foundRow(tenant, item));
}

const queried = (client: DynamoDBClient, input: QueryCommandInput) =>
  pages((from) => asked(() => client.send(new QueryCommand({ ...input, ...from }))));

const scanned = (client: DynamoDBClient, TableName: string, prefix: string) =>
  pages((from) => {
    const command = new ScanCommand({
      TableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: toItem({ ':prefix': prefix }),
      ...from,
    });
    return asked(() => client.send(command));
  });

type Page = { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined };
async function* pages(
  read: (from: { ExclusiveStartKey?: Item }) => Promise<Page>,
): AsyncIterable<Keyed[]> {
  let from: Item | undefined;
  do {
    const page = await read(from ? { ExclusiveStartKey: from } : {});
    yield (page.Items ?? []).map((item) => Keyed.parse(unmarshall(item)));
    from = page.LastEvaluatedKey;
  } while (from);
}
