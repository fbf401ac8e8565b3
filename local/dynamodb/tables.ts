/**
 * CreateTable, DeleteTable and UpdateTable over dynalite's, which answers at once and finishes on a timer: here the answer
 * waits until the table has reached its state. A kill in between leaves a half-done table; `finishTables` completes
 * it at start. The stream's settings are part of the table's record. Only KEYS_ONLY streams exist here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store, Table } from 'dynalite/db/index.js';
import * as z from 'zod';
import type { Database } from './database.ts';
import { type Body, prepare, readTable, run } from './dynalite-operations.ts';
import type { Engine } from './engine.ts';
import { DynamoError, validationError } from './errors.ts';
import { prefixesOfTable, rangeOf, tablePrefix } from './layout.ts';

const streamSpecification = z.union([
  z.object({ StreamEnabled: z.literal(true), StreamViewType: z.literal('KEYS_ONLY') }),
  z.object({ StreamEnabled: z.literal(false) }),
]);

export async function changeTable(
  { database, now }: Engine,
  operation: 'CreateTable' | 'DeleteTable' | 'UpdateTable',
  body: Body,
): Promise<Body> {
  const { store } = database;
  const prepared = prepare(store, operation, body);
  const stream = streamOf(body);
  if (operation === 'UpdateTable') refuseUnsupportedUpdate(body);
  const name = z.string().parse(prepared['TableName']);
  const members = stream === null ? {} : streamMembers(store, { name, stream, at: now() });
  const answer = await run(store, operation, { ...prepared, ...members });
  // The answer shows the state on the way, as DynamoDB's does; by then dynalite's timer may already change that very object.
  const shown = structuredClone(answer);
  await reachState(store, name);
  return shown;
}

/** dynalite ignores both without a word. */
function refuseUnsupportedUpdate(body: Body): void {
  const updates = z.array(z.record(z.string(), z.unknown())).nullish();
  const indexes = updates.parse(body['GlobalSecondaryIndexUpdates']) ?? [];
  if (body['StreamSpecification'] || indexes.some(({ Create, Delete }) => Create || Delete)) {
    throw validationError(
      'The embedded DynamoDB sets streams and indexes in CreateTable only: create the table anew',
    );
  }
}

function streamOf(body: Body): z.infer<typeof streamSpecification> | null {
  if (body['StreamSpecification'] === undefined || body['StreamSpecification'] === null)
    return null;
  const parsed = streamSpecification.safeParse(body['StreamSpecification']);
  if (parsed.success) return parsed.data;
  throw validationError('The embedded DynamoDB knows streams with StreamViewType KEYS_ONLY only');
}

function streamMembers(
  store: Store,
  { name, stream, at }: { name: string; stream: { StreamEnabled: boolean }; at: Date },
): Body {
  if (!stream.StreamEnabled) return {};
  const { awsRegion, awsAccountId } = store.tableDb;
  const label = at.toISOString().replace('Z', '');
  return {
    StreamSpecification: stream,
    LatestStreamLabel: label,
    LatestStreamArn: `arn:aws:dynamodb:${awsRegion}:${awsAccountId}:table/${name}/stream/${label}`,
  };
}

/** Until the table is ACTIVE with all its indexes, or gone. */
async function reachState(store: Store, name: string): Promise<void> {
  for (;;) {
    const table = await findTable(store, name);
    if (table === null || isSteady(table)) return;
    await sleep(1);
  }
}

async function findTable(store: Store, name: string): Promise<Table | null> {
  try {
    return await readTable(store, name);
  } catch (cause) {
    if (cause instanceof DynamoError && cause.code === 'ResourceNotFoundException') return null;
    throw cause;
  }
}

function isSteady(table: Table): boolean {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  return (
    table.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')
  );
}

/** Brings to its end what a kill interrupted: a creation or update is completed, a deletion too. */
export async function finishTables(database: Database): Promise<void> {
  const names: string[] = [];
  for await (const [key] of database.entries(tablePrefix))
    names.push(key.slice(tablePrefix.length));
  for (const name of names) {
    const table = await readTable(database.store, name);
    if (table.TableStatus === 'DELETING') await eraseTable(database, name);
    else if (!isSteady(table)) await activate(database, table);
  }
}

async function eraseTable(database: Database, name: string): Promise<void> {
  for (const prefix of prefixesOfTable(name)) await database.store.db.clear(rangeOf(prefix));
  await database.write([{ type: 'del', key: tablePrefix + name }], 'synced');
}

async function activate(database: Database, table: Table): Promise<void> {
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({
    ...index,
    IndexStatus: 'ACTIVE',
  }));
  const value: Table = {
    ...table,
    TableStatus: 'ACTIVE',
    ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
  };
  await database.write([{ type: 'put', key: tablePrefix + table.TableName, value }], 'synced');
}
