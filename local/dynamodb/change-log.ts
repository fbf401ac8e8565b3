/**
 * The durable half of the change feed. A change record is written in the batch of the change itself and deleted when
 * its consumers have taken it, so what is in the log after a restart is exactly what may not have been delivered.
 * Sequences only grow, across restarts too.
 */
import * as z from 'zod';
import type { Database, Write } from './database.ts';
import { feedPrefix, lastSequenceKey } from './layout.ts';

const keyAttribute = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string() }),
  z.strictObject({ B: z.string() }),
]);

const changeDraft = z.object({
  table: z.string(),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  /** The item's key as a DynamoDB JSON attribute map; binary in base64. */
  keys: z.record(z.string(), keyAttribute),
});

export type ChangeDraft = {
  readonly table: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly keys: Record<string, Record<string, unknown>>;
};
export type ChangeRecord = z.infer<typeof changeDraft> & {
  /** Grows with every change; fixed width, so it sorts as text. */
  readonly sequence: string;
};

export type ChangeLog = {
  /** The writes belong into the batch of the change; the records may be delivered once that batch is durable. */
  append(drafts: readonly ChangeDraft[]): { writes: Write[]; records: ChangeRecord[] };
};

export async function openChangeLog(
  database: Database,
): Promise<{ log: ChangeLog; undelivered: ChangeRecord[] }> {
  let last = await readLastSequence(database);
  const append: ChangeLog['append'] = (drafts) => {
    const records = drafts.map((draft) => {
      last += 1n;
      return { ...changeDraft.parse(draft), sequence: String(last).padStart(21, '0') };
    });
    if (records.length === 0) return { writes: [], records };
    const writes = records.map(({ sequence, ...value }): Write => {
      return { type: 'put', key: feedPrefix + sequence, value };
    });
    return {
      writes: [...writes, { type: 'put', key: lastSequenceKey, value: String(last) }],
      records,
    };
  };
  return { log: { append }, undelivered: await readUndelivered(database) };
}

/** Not flushed to disk: the worst that a power cut does here is a second delivery. */
export function forgetChanges(database: Database, records: readonly ChangeRecord[]): Promise<void> {
  return database.write(
    records.map(({ sequence }): Write => ({ type: 'del', key: feedPrefix + sequence })),
    'buffered',
  );
}

async function readUndelivered(database: Database): Promise<ChangeRecord[]> {
  const records: ChangeRecord[] = [];
  for await (const [key, value] of database.entries(feedPrefix)) {
    records.push({ ...changeDraft.parse(value), sequence: key.slice(feedPrefix.length) });
  }
  return records;
}

async function readLastSequence(database: Database): Promise<bigint> {
  const stored = await database.store.db.get(lastSequenceKey);
  return stored === undefined ? 0n : BigInt(z.string().parse(stored));
}
