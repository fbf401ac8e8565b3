/**
 * Which members of an exclusive container are taken out at a look. Pure. The first look after the switch only reports; nobody is
 * taken out before two looks in a row saw them, a fair time apart; and never more than a few per look, so that a slip in the
 * policy does not empty a large team at once.
 */
import * as z from 'zod';
import { Instant } from '../access-request/model.ts';

export const EXCLUSIVE = {
  /** Taken out per look at most. */
  mostPerLook: 5,
  /** Looks that are closer than this count as one: a message may come twice. */
  apartSeconds: 10 * 60,
  /** Members who wait for their turn. More are seen again when there is room. */
  longestLine: 50,
  /** What the provider refused is tried again after this. */
  refusedSeconds: 24 * 3600,
  /** How long a mark may be acted upon. Shorter than the time between looks. */
  markSeconds: 10 * 60,
} as const;

export const Exclusive = z.strictObject({
  /** The first look at it as an exclusive container. */
  since: Instant,
  /** Its immutable id then, where names can pass on: another container under this name begins anew. */
  containerId: z.string().nullable(),
  /** Who is to be taken out, and since when every look has seen them. */
  line: z
    .array(
      z.strictObject({
        accountId: z.string(),
        since: Instant,
        /** When the provider refused it last. */
        refusedAt: Instant.nullable(),
      }),
    )
    .max(EXCLUSIVE.longestLine),
  /** The last look that had somebody taken out. */
  markedAt: Instant.nullable(),
});
export type Exclusive = z.infer<typeof Exclusive>;

export type Turn = {
  readonly next: Exclusive;
  /** Accounts to be taken out now. */
  readonly marked: readonly string[];
  /** The first look after the switch: nobody is touched. */
  readonly isFirst: boolean;
};

/** `seen`: accounts of direct members whom nothing explains, of a listing that was complete. */
export function takeTurn(
  known: Exclusive | undefined,
  seen: readonly string[],
  { now, containerId }: { now: Date; containerId: string | null },
): Turn {
  const at = now.toISOString();
  const isFirst = !known || known.containerId !== containerId;
  const before = isFirst ? [] : known.line;
  const waiting = new Set(before.map(({ accountId }) => accountId));
  const stillThere = before.filter(({ accountId }) => seen.includes(accountId));
  const added = seen
    .filter((accountId) => !waiting.has(accountId))
    .map((accountId) => ({ accountId, since: at, refusedAt: null }));
  const line = [...stillThere, ...added].slice(0, EXCLUSIVE.longestLine);
  const since = isFirst ? at : known.since;
  const last = isFirst ? null : known.markedAt;
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const rested = last === null || last <= ago(EXCLUSIVE.apartSeconds);
  const due = line.filter(
    (each) =>
      each.since <= ago(EXCLUSIVE.apartSeconds) &&
      (each.refusedAt === null || each.refusedAt <= ago(EXCLUSIVE.refusedSeconds)),
  );
  const marked = rested
    ? due.slice(0, EXCLUSIVE.mostPerLook).map(({ accountId }) => accountId)
    : [];
  const markedAt = marked.length > 0 ? at : last;
  return { next: { since, containerId, line, markedAt }, marked, isFirst };
}
