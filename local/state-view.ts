/** What `GET /_local/state` shows: the journal's own rows, the schedules, and what the provider stand-ins hold. */
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { recentFrom, type Tables } from '../shared/adapters/journal-items.ts';
import { parsePk } from '../shared/adapters/journal-keys.ts';
import { METRIC_NAMES } from '../shared/config/signals.ts';
import { Instant, KnownRequest } from '../shared/domain/access-request/model.ts';
import { Sha256 } from '../shared/domain/audit/chain.ts';
import { Holding } from '../shared/domain/holding/model.ts';
import { CHAIN_KINDS, parseRecord, RECORDS } from '../shared/domain/records.ts';
import type { RecentEvent } from '../shared/ports.ts';
import type { Embedded } from './embedded.ts';
import type { LocalTelemetry } from './local-telemetry.ts';
import { providerStates } from './provider-states.ts';

/** One row of the audit log: the event, where it stands in which chain, and the hash that seals it. */
export const AuditEvent = z.strictObject({
  kind: z.enum(CHAIN_KINDS),
  id: z.string(),
  tenant: z.string(),
  chain: z.string(),
  seq: z.int().positive(),
  event: z.union(CHAIN_KINDS.map((kind) => RECORDS[kind].events)),
  previous: Sha256,
  hash: Sha256,
});

export const LocalState = z.strictObject({
  now: Instant,
  requests: z.array(KnownRequest),
  holdings: z.array(Holding),
  /** Ends of grants in the scheduler, by the grant's id. */
  schedules: z.array(z.strictObject({ name: z.string(), at: Instant, state: z.string() })),
  /** What the provider stand-ins hold: provider -> container -> members. */
  providers: z.record(
    z.string(),
    z.record(z.string(), z.array(z.strictObject({ account: z.string(), role: z.string() }))),
  ),
  /** The last 200 events, oldest first. */
  audit: z.array(AuditEvent),
  /** Figures of the metrics since the start, as the deployed functions would send them. */
  metrics: z.array(
    z.strictObject({
      name: z.enum(METRIC_NAMES),
      unit: z.enum(['Seconds', 'Milliseconds', 'Count']),
      /** Value of the metric's dimension, null where it has none. */
      by: z.string().nullable(),
      count: z.int().positive(),
      sum: z.number(),
      largest: z.number(),
      last: z.number(),
    }),
  ),
});
export type LocalState = z.infer<typeof LocalState>;
const AUDIT_SHOWN = 200;
const Keyed = z.object({ pk: z.string(), sk: z.string(), value: z.unknown().optional() });

export async function localState(parts: {
  client: DynamoDBClient;
  tables: Tables;
  embedded: Embedded;
  telemetry: Pick<LocalTelemetry, 'metrics'>;
}): Promise<LocalState> {
  const { client, tables, embedded, telemetry } = parts;
  const journalRows = await scan(client, tables.journal);
  const stateRows = await scan(client, tables.state);
  const events = journalRows.filter((row) => row['sk']?.S?.startsWith('event#')).map(recentFrom);
  return {
    now: embedded.clock.now().toISOString(),
    requests: records(tables, journalRows, 'request')
      .map(parseRecord.request)
      .filter((request) => request.status !== 'new')
      .sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1)),
    holdings: records(tables, stateRows, 'holding').map(parseRecord.holding),
    schedules: (embedded.scheduler?.list() ?? []).map(({ name, at, state }) => ({
      name,
      at: new Date(at).toISOString(),
      state,
    })),
    providers: providerStates(embedded),
    audit: events.sort((a, b) => order(a).localeCompare(order(b))).slice(-AUDIT_SHOWN),
    metrics: [...telemetry.metrics()],
  };
}

const order = ({ event, kind, id, seq }: RecentEvent): string =>
  `${event.at}#${kind}#${id}#${String(seq).padStart(6, '0')}`;

type Row = Awaited<ReturnType<typeof scan>>[number];

function records(tables: Tables, rows: readonly Row[], kind: string): unknown[] {
  return rows.flatMap((row) => {
    const { pk, sk, value } = Keyed.parse(unmarshall(row));
    return sk === 'state' && parsePk(tables.tenant, pk)?.kind === kind ? [value] : [];
  });
}

/** Every row of a table, as it is now. */
export async function scan(client: DynamoDBClient, TableName: string) {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({ TableName, ConsistentRead: true }),
  );
  const items = [...Items];
  let from = LastEvaluatedKey;
  while (from) {
    const page = await client.send(
      new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  }
  return items;
}
