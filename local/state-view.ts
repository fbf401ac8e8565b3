/** What `GET /_local/state` shows: the journal's own rows, the schedules, and what the provider stand-ins hold. */
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { recentFrom, type Tables } from '../shared/adapters/journal-items.ts';
import { parsePk } from '../shared/adapters/journal-keys.ts';
import type { KnownRequest } from '../shared/domain/access-request/model.ts';
import type { Holding } from '../shared/domain/holding/model.ts';
import { parseRecord } from '../shared/domain/records.ts';
import type { RecentEvent } from '../shared/ports.ts';
import type { Embedded } from './embedded.ts';

export type LocalState = {
  now: string;
  requests: KnownRequest[];
  holdings: Holding[];
  schedules: { name: string; at: string; state: string }[];
  providers: Record<string, Record<string, { account: string; role: string }[]>>;
  /** The last 200 events, oldest first. */
  audit: RecentEvent[];
};
const AUDIT_SHOWN = 200;
const Keyed = z.object({ pk: z.string(), sk: z.string(), value: z.unknown().optional() });

export async function localState(parts: {
  client: DynamoDBClient;
  tables: Tables;
  embedded: Embedded;
}): Promise<LocalState> {
  const { client, tables, embedded } = parts;
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
    providers: { github: embedded.github.state() },
    audit: events.sort((a, b) => order(a).localeCompare(order(b))).slice(-AUDIT_SHOWN),
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

async function scan(client: DynamoDBClient, TableName: string) {
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
