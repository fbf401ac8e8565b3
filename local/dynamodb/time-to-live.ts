/**
 * UpdateTimeToLive, DescribeTimeToLive and the sweep that DynamoDB does within days and we do when asked. The setting lies in
 * the table's own record, so it lives and dies with the table. As in DynamoDB an item expires only when the attribute is
 * a number of epoch seconds not more than five years back.
 */
import type { Item, Table } from 'dynalite/db/index.js';
import * as z from 'zod';
import { type Body, prepare, readTable, run } from './dynalite-operations.ts';
import { commitStage, type Engine, keyOf } from './engine.ts';
import { validationError } from './errors.ts';
import { tablePrefix } from './layout.ts';
import { openStage } from './stage.ts';

const fiveYearsSeconds = 5 * 365 * 86_400;

const updateTimeToLiveBody = z.object({
  TableName: z.string(),
  TimeToLiveSpecification: z.object({
    AttributeName: z.string().min(1).max(255),
    Enabled: z.boolean(),
  }),
});

export async function updateTimeToLive(engine: Engine, body: Body): Promise<Body> {
  const parsed = updateTimeToLiveBody.safeParse(body);
  if (!parsed.success) {
    throw validationError(`UpdateTimeToLive: ${z.prettifyError(parsed.error)}`);
  }
  const { TableName, TimeToLiveSpecification: wanted } = parsed.data;
  const table = await readTable(engine.database.store, TableName);
  requireChange(table, wanted);
  const value: Table = {
    ...table,
    TimeToLiveDescription: wanted.Enabled
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: wanted.AttributeName }
      : { TimeToLiveStatus: 'DISABLED' },
  };
  await engine.database.write([{ type: 'put', key: tablePrefix + TableName, value }], 'synced');
  return { TimeToLiveSpecification: wanted };
}

function requireChange(table: Table, wanted: { AttributeName: string; Enabled: boolean }): void {
  const now = table.TimeToLiveDescription;
  const enabled = now?.TimeToLiveStatus === 'ENABLED';
  if (!wanted.Enabled && !enabled) throw validationError('TimeToLive is already disabled');
  if (!enabled) return;
  if (now?.AttributeName !== wanted.AttributeName) {
    throw validationError(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${now?.AttributeName}`,
    );
  }
  if (wanted.Enabled) throw validationError('TimeToLive is already enabled');
}

export async function describeTimeToLive(engine: Engine, body: Body): Promise<Body> {
  const { store } = engine.database;
  const name = z.string().parse(prepare(store, 'DescribeTable', body)['TableName']);
  const { TimeToLiveDescription } = await readTable(store, name);
  return { TimeToLiveDescription: TimeToLiveDescription ?? { TimeToLiveStatus: 'DISABLED' } };
}

/** Deletes what has expired, page by page, with change records. Answers the number of deleted items. */
export async function sweepExpired(engine: Engine): Promise<number> {
  let deleted = 0;
  for (const table of await tablesWithTtl(engine)) {
    let start: Item | undefined;
    do {
      const page = await scanPage(engine, table, start);
      deleted += await deleteExpired(engine, table, page.Items);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
  return deleted;
}

async function tablesWithTtl({ database }: Engine): Promise<Table[]> {
  const tables: Table[] = [];
  for await (const [key] of database.entries(tablePrefix)) {
    const table = await readTable(database.store, key.slice(tablePrefix.length));
    if (table.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') tables.push(table);
  }
  return tables;
}

const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
const scanAnswer = z.object({
  Items: z.array(itemSchema),
  LastEvaluatedKey: itemSchema.optional(),
});

async function scanPage({ database }: Engine, { TableName }: Table, start: Item | undefined) {
  const request = { TableName, ...(start === undefined ? {} : { ExclusiveStartKey: start }) };
  const prepared = prepare(database.store, 'Scan', request);
  return scanAnswer.parse(await run(database.store, 'Scan', prepared));
}

async function deleteExpired(engine: Engine, table: Table, items: Item[]): Promise<number> {
  const { store } = engine.database;
  const attribute = table.TimeToLiveDescription?.AttributeName ?? '';
  const nowSeconds = engine.now().getTime() / 1000;
  const stage = openStage(store);
  for (const item of items) {
    const expiresAt = Number(item[attribute]?.['N'] ?? Number.NaN);
    if (!(expiresAt <= nowSeconds && expiresAt > nowSeconds - fiveYearsSeconds)) continue;
    const request = { TableName: table.TableName, Key: keyOf(table, item) };
    await stage.view().run('DeleteItem', prepare(store, 'DeleteItem', request), 'write');
  }
  await commitStage(engine, stage);
  return stage.items().length;
}
