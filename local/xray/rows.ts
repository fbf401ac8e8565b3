/**
 * The raw rows of the two tables that belong to one request: its own chain and record, the holding's, its card, its
 * texts. Read from a scan that the caller made; nothing is interpreted beyond keys, version and hash.
 */
import * as z from 'zod';
import type { JournalRow } from './shapes.ts';

/** A row as the database has it, without DynamoDB's type marks. */
export type TableRow = { readonly table: string; readonly item: Readonly<Record<string, unknown>> };

const Keys = z.object({ pk: z.string(), sk: z.string() });
const EventRow = z.object({
  sk: z.string().startsWith('event#'),
  kind: z.string(),
  id: z.string(),
  seq: z.int(),
  event: z.unknown(),
  previous: z.string(),
  hash: z.string(),
});
export type EventRow = z.infer<typeof EventRow>;
const Version = z.object({
  rev: z.int().optional(),
  seq: z.int().optional(),
  hash: z.string().optional(),
  head: z.object({ hash: z.string() }).optional(),
});
const SIDE_KINDS = ['card', 'pendingLock', 'link'];

export const eventRow = ({ item }: TableRow): EventRow | null =>
  EventRow.safeParse(item).data ?? null;

/** The request's own rows first, a chain in its order. */
const place = ({ table, pk, sk }: JournalRow): string =>
  [table, pk.includes('#request#') ? 0 : 1, pk, sk].join(' ');

export function rowsOf(
  rows: readonly TableRow[],
  about: { tenant: string; requestId: string; holdingId: string },
): JournalRow[] {
  const { tenant, requestId, holdingId } = about;
  const own = new Set([
    `${tenant}#request#${requestId}`,
    `${tenant}#holding#${holdingId}`,
    ...SIDE_KINDS.map((kind) => `${tenant}#${kind}#${requestId}`),
  ]);
  return rows
    .flatMap(({ table, item }) => {
      const { pk, sk } = Keys.parse(item);
      if (!own.has(pk)) return [];
      const { rev, seq, hash, head } = Version.parse(item);
      const { success, data } = z.json().safeParse(item);
      const raw = success ? data : String(item);
      return [
        { table, pk, sk, version: rev ?? seq ?? null, hash: hash ?? head?.hash ?? null, raw },
      ];
    })
    .sort((a, b) => place(a).localeCompare(place(b)));
}
