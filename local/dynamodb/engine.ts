/**
 * What every operation works with, and the one way in which items change: `commitStage` writes items, index entries,
 * change records and whatever the caller adds as ONE batch. All of it is durable when it returns, or none of it is.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Item, Table } from 'dynalite/db/index.js';
import type { ChangeDraft, ChangeLog, ChangeRecord } from './change-log.ts';
import type { Database, Write } from './database.ts';
import { readTable } from './dynalite-operations.ts';
import { validationError } from './errors.ts';
import type { Stage, StagedItem } from './stage.ts';
import type { TokenMemory } from './tokens.ts';

export type Engine = {
  readonly database: Database;
  readonly changes: ChangeLog;
  readonly tokens: TokenMemory;
  /** Hands durable change records to the feed. */
  publish(records: readonly ChangeRecord[]): Promise<void>;
  now(): Date;
  /** Told at each step of a write, so that a test can kill the process right there. */
  step(name: string): void;
};

export async function commitStage(
  engine: Engine,
  stage: Stage,
  besides: readonly Write[] = [],
): Promise<void> {
  const appended = engine.changes.append(await draftChanges(engine, stage));
  const writes = [...stage.writes(), ...appended.writes, ...besides];
  if (writes.length === 0) return;
  engine.step('before the commit');
  await engine.database.write(writes, 'synced');
  engine.step('after the commit');
  await engine.publish(appended.records);
}

async function draftChanges(engine: Engine, stage: Stage): Promise<ChangeDraft[]> {
  const drafts: ChangeDraft[] = [];
  for (const staged of stage.items()) {
    const eventName = eventOf(staged);
    if (eventName === null) continue;
    const table = await readTable(engine.database.store, staged.table);
    const image = staged.after ?? staged.before;
    if (!table.StreamSpecification?.StreamEnabled || !image) continue;
    drafts.push({ table: staged.table, eventName, keys: keyOf(table, image) });
  }
  return drafts;
}

/** As in DynamoDB Streams, a write that changes nothing is no event. */
function eventOf({ written, before, after }: StagedItem): ChangeDraft['eventName'] | null {
  if (!written) return null;
  if (before === undefined) return after === undefined ? null : 'INSERT';
  if (after === undefined) return 'REMOVE';
  return isDeepStrictEqual(before, JSON.parse(JSON.stringify(after))) ? null : 'MODIFY';
}

export function keyOf(table: Table, item: Item): Item {
  return Object.fromEntries(
    table.KeySchema.map(({ AttributeName }) => {
      const value = item[AttributeName];
      if (value === undefined)
        throw validationError(`Missing the key ${AttributeName} in the item`);
      return [AttributeName, value];
    }),
  );
}
