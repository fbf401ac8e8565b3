/** Puts the X-ray together beside a running world: counts writes, notes what providers held, listens to the traffic. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Hono } from 'hono';
import type { Embedded } from '../embedded.ts';
import type { Persona } from '../personas.ts';
import { providerStates } from '../provider-states.ts';
import { localPeople } from '../slack/workspace.ts';
import { type LocalState, scan } from '../state-view.ts';
import { openProviderHistory } from './provider-history.ts';
import type { TableRow } from './rows.ts';
import { openTraffic, type TrafficLog } from './traffic.ts';
import { type Tables, xrayApi } from './xray-api.ts';

export type Xray = { app: Hono; traffic: TrafficLog; close(): void };
export type XrayOptions = {
  client: DynamoDBClient;
  tables: { tenant: string; journal: string; state: string };
  embedded: Embedded;
  dataDir: string | null;
  state: () => Promise<LocalState>;
  personas: () => Promise<Persona[]>;
};

export function openXray(options: XrayOptions): Xray {
  const { client, tables, embedded, dataDir } = options;
  const { clock, faults, slack, dynamo } = embedded;
  const history = openProviderHistory(dataDir, () => providerStates(embedded));
  const traffic = openTraffic(() => clock.now());
  const { tenant } = tables;
  const requestPk = new RegExp(`^${tenant}#request#(AR-[0-9A-Z]{6})$`);
  dynamo?.changes.subscribe(tables.journal, async (batch) => {
    for (const { keys } of batch) {
      const pk = keys['pk'];
      const id = pk && 'S' in pk ? requestPk.exec(pk.S)?.[1] : undefined;
      if (id !== undefined) history.note(id);
    }
  });
  const read = async (): Promise<Tables> => {
    const [now, people, journal, rest] = await Promise.all([
      options.state(),
      options.personas(),
      rowsIn(client, tables.journal),
      rowsIn(client, tables.state),
    ]);
    // Where the change feed is not ours, a request is noted when it is first seen.
    for (const { status, requestId } of now.requests)
      if (status === 'pending') history.note(requestId);
    const accounts = new Map(people.map((one) => [one.slack, one.accounts]));
    return { rows: [...journal, ...rest], state: now, accounts };
  };
  const nameOf = (id: string) => slack.directory.person(id)?.realName ?? id;
  const zone = localPeople[0]?.tz ?? 'UTC';
  const writes = countWrites(client);
  return {
    app: xrayApi({ tenant, clock, faults, traffic, history, nameOf, zone, read, writes }),
    traffic,
    close: () => history.close(),
  };
}

async function rowsIn(client: DynamoDBClient, table: string): Promise<TableRow[]> {
  const items = await scan(client, table);
  return items.map((item) => ({ table, item: unmarshall(item) }));
}

function countWrites(client: DynamoDBClient): () => number {
  let count = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (!/^(Get|Query|Scan|BatchGet|TransactGet|Describe)/.test(context.commandName ?? ''))
        count += 1;
      return result;
    },
    { step: 'initialize', name: 'hallpassXray' },
  );
  return () => count;
}
