/**
 * Access that ends with its ticket: a watch is written with the decision that gives it, and looked at every few minutes. Only a
 * clear "closed" ends access; a ticket that cannot be read, or is not there any more, is noted and access goes on. Bounded: what
 * one sweep does not get to is due for the next.
 */
import type { RecordOf } from '../domain/records.ts';
import { Fault, put, remove, type Stored, type Write } from '../ports.ts';
import type { TicketStanding } from '../ports-outside.ts';
import { type CommandDeps, executeCommand } from './execute-command.ts';
import { lookAgainAt } from './watch-writes.ts';

type Watch = RecordOf<'watch'>;

/** Tickets that one sweep asks about, all at once. */
const MOST_WATCHED = 20;

/** Looks at the first of the watches that are due. Answers how many could not be dealt with: they stay due. */
export async function watchTickets(
  deps: CommandDeps,
  requestIds: readonly string[],
): Promise<number> {
  const looked = await Promise.all(
    requestIds.slice(0, MOST_WATCHED).map((requestId) => lookedAt(deps, requestId)),
  );
  return looked.filter((done) => !done).length;
}

async function lookedAt(deps: CommandDeps, requestId: string): Promise<boolean> {
  try {
    await look(deps, requestId);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A watch could not be kept', { requestId, why: error.message });
    return false;
  }
}

async function look(deps: CommandDeps, requestId: string): Promise<void> {
  const [stored, request] = await Promise.all([
    deps.journal.read('watch', requestId),
    deps.journal.read('request', requestId),
  ]);
  const { value: watch } = stored;
  if (!watch) return;
  const now = deps.clock.now();
  const isLive = request.value?.status === 'activating' || request.value?.status === 'active';
  if (!isLive) return kept(deps, remove(stored), now);
  const standing = await standingOf(deps, watch, requestId);
  if (standing === 'closed') return ended(deps, stored, requestId);
  const unreadableSince = standing === 'open' ? null : (watch.unreadableSince ?? now.toISOString());
  await kept(deps, put(stored, { ...watch, dueAt: lookAgainAt(now), unreadableSince }), now);
}

/** A conflict is another sweep that was faster. */
async function kept(deps: CommandDeps, write: Write, now: Date): Promise<void> {
  await deps.journal.commit([write], now);
}

/** First the end, then the watch: what dies between them is looked at again, and finds that nothing is left to end. */
async function ended(deps: CommandDeps, stored: Stored<'watch'>, requestId: string): Promise<void> {
  const actor = { kind: 'sweep' } as const;
  const done = await executeCommand({ type: 'EndGrant', requestId, actor, reason: null }, deps);
  if (!done.ok && done.error.code !== 'wrong-status')
    throw new Error(`A grant could not be ended with its ticket: ${done.error.code}`);
  await kept(deps, remove(stored), deps.clock.now());
}

/** `missing` is no reason to end anything: it may be hidden from us, or moved. */
async function standingOf(
  { tickets, clock, telemetry }: CommandDeps,
  { tracker, key }: Watch,
  requestId: string,
): Promise<TicketStanding | null> {
  const noted = (why: string) =>
    telemetry.error('A ticket with which access ends could not be read', {
      ...{ requestId, tracker, ticket: key, why },
    });
  if (!tickets) {
    noted('No tracker is configured.');
    return null;
  }
  try {
    const standing = await tickets.standing(tracker, key, clock.now());
    if (standing === 'missing') noted('There is none, or none that we may see.');
    return standing;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    noted(error.message);
    return null;
  }
}
