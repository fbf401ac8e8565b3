/**
 * The index of what is due, as it shows itself: it follows its table a while later, each row for itself, and in some seeds by a lot.
 * Nothing may rest on what it does not show yet, or shows still.
 */
import type { DueItem } from '../../shared/ports.ts';

export type DueKind = 'request' | 'holding' | 'leaver';
export type Index = {
  /** The row was stored, and is due then; null: never. */
  keep(kind: DueKind, id: string, dueAt: string | null): void;
  due(before: Date, limit: number): DueItem[];
  /** The index shows this row as it stands. */
  shows(kind: DueKind, id: string): boolean;
};
/** `lagMs`: how long the index takes for one change of one row. */
export type IndexLag = { nowMs(): number; lagMs(kind: DueKind): number };
export const NO_LAG: IndexLag = { nowMs: () => 0, lagMs: () => 0 };

type Row = {
  readonly kind: DueKind;
  readonly id: string;
  readonly dueAt: string | null;
  /** What was shown until `fromMs`. */
  readonly before: string | null;
  readonly fromMs: number;
};

export function dueIndex({ nowMs, lagMs }: IndexLag): Index {
  const rows = new Map<string, Row>();
  const shown = ({ dueAt, before, fromMs }: Row) => (nowMs() >= fromMs ? dueAt : before);
  return {
    keep(kind, id, dueAt) {
      const known = rows.get(`${kind}#${id}`);
      const fromMs = Math.max(known?.fromMs ?? 0, nowMs() + lagMs(kind));
      rows.set(`${kind}#${id}`, { kind, id, dueAt, before: known ? shown(known) : null, fromMs });
    },
    due: (before, limit) =>
      [...rows.values()]
        .flatMap((row) => {
          const dueAt = shown(row);
          const isDue = dueAt !== null && dueAt <= before.toISOString();
          return isDue ? [{ kind: row.kind, id: row.id, dueAt }] : [];
        })
        .sort((one, other) => (one.dueAt < other.dueAt ? -1 : 1))
        .slice(0, limit),
    shows: (kind, id) => nowMs() >= (rows.get(`${kind}#${id}`)?.fromMs ?? 0),
  };
}
