/**
 * One sweep over many open requests against one over few, with the same work due in both, on the embedded DynamoDB through
 * the real client. What is due stays due (its holding is sent to a queue that nobody reads), so that every sweep is the same.
 */
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { createTables } from '../local/create-tables.ts';
import { startEmbeddedDynamo } from '../local/dynamodb/start-embedded-dynamo.ts';
import { dynamoClient } from '../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../shared/adapters/dynamo-journal.ts';
import { operationsOf } from '../shared/adapters/journal-items.ts';
import { nobody } from '../shared/adapters/nobody.ts';
import { journalPolicies } from '../shared/application/policies.ts';
import { type SweepDeps, sweep } from '../shared/application/sweep.ts';
import { replay } from '../shared/domain/access-request/evolve.ts';
import { absent, put, type Write } from '../shared/ports.ts';
import { asked, holding, iso, later, START } from '../test/support/samples.ts';
import { unmeasured } from '../test/support/unmeasured.ts';
import { median } from './statistics.ts';

const TABLES = { tenant: 'bench', journal: 'journal', state: 'state' };
const DUE = 100;
const MANY = 100_000;
const FEW = 100;
const A_BATCH = 25;
const NOW = later(30);

export type Swept = { readonly manyMs: number; readonly fewMs: number; readonly open: number };

export async function swept(runs: number): Promise<Swept> {
  const [many, few] = [await openStore(MANY), await openStore(FEW)];
  try {
    for (const { run } of [many, few]) await run();
    const figures = { many: [] as number[], few: [] as number[] };
    for (let i = 0; i < runs; i += 1) {
      figures.many.push(await many.run());
      figures.few.push(await few.run());
    }
    return { manyMs: median(figures.many), fewMs: median(figures.few), open: MANY };
  } finally {
    for (const { close } of [many, few]) await close();
  }
}

/** So many requests that wait for an answer, and holdings whose grant has reached its end. */
async function openStore(open: number) {
  const dynamo = await startEmbeddedDynamo({ dataDir: null, now: () => NOW });
  const client = dynamoClient({
    endpoint: dynamo.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  await createTables(client, TABLES);
  const waiting = function* (): Iterable<Write> {
    for (let i = 0; i < open; i += 1) {
      const requestId = `AR-${i
        .toString(32)
        .toUpperCase()
        .padStart(6, '0')
        .replace(/[ILOU]/g, 'Z')}${i}`;
      const event = asked({ requestId: requestId.slice(0, 9), lapsesAt: iso(3600) });
      yield put(absent('request', `${requestId}`), replay([event]));
    }
    for (let i = 0; i < DUE; i += 1) {
      const holdingId = `${holding().holdingId.slice(0, -4)}${i.toString(16).padStart(4, '0')}`;
      yield put(absent('holding', holdingId), holding({ holdingId, dueAt: iso() }));
    }
  };
  await load(client, waiting());
  const journal = dynamoJournal({ client, tables: TABLES });
  const deps: SweepDeps = {
    journal,
    clock: { now: () => NOW },
    policies: journalPolicies({ journal }),
    directory: nobody,
    teamId: 'T0BENCH',
    ids: {
      unique: () => '0'.repeat(32),
      requestId: () => 'AR-000000',
      token: () => '',
      secret: (bytes) => new Uint8Array(bytes),
    },
    telemetry: {
      ...unmeasured,
      info: () => undefined,
      error: (message, fields) => {
        throw new Error(`${message} ${JSON.stringify(fields)}`);
      },
      alarm: () => undefined,
    },
    queues: { send: async () => undefined },
  };
  return {
    async run(): Promise<number> {
      const started = performance.now();
      const { due } = await sweep(deps);
      const took = performance.now() - started;
      if (due !== DUE) throw new Error(`${due} were due, not ${DUE}`);
      return took;
    },
    async close() {
      client.destroy();
      await dynamo.close();
    },
  };
}

/** Rows as the journal writes them, without their conditions: nothing is there yet. */
async function load(client: DynamoDBClient, writes: Iterable<Write>): Promise<void> {
  let batch = new Map<string, WriteRequest[]>();
  let size = 0;
  const flush = async () => {
    if (size > 0)
      await client.send(new BatchWriteItemCommand({ RequestItems: Object.fromEntries(batch) }));
    batch = new Map();
    size = 0;
  };
  for (const write of writes)
    for (const { Put } of operationsOf(TABLES, write, START).operations) {
      if (!Put?.TableName || !Put.Item) continue;
      const known = batch.get(Put.TableName) ?? [];
      batch.set(Put.TableName, [...known, { PutRequest: { Item: Put.Item } }]);
      size += 1;
      if (size === A_BATCH) await flush();
    }
  await flush();
}
