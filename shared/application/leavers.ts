/**
 * Somebody's Slack account was deactivated: what they hold ends. The record that they left comes first and is durable; the sweep then
 * ends what it finds, again each minute for a while, since what was decided a moment before may not stand in an index yet.
 * After that nothing new can come: every decision asks Slack who they are. Asks by them and for them that wait are withdrawn.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import { Fault, remove } from '../ports.ts';
import { type CommandDeps, executeCommand } from './execute-command.ts';
import { openOf } from './open-requests.ts';

/** Longer than evidence about a person lives, and than an index lags. */
const WATCHED_MS = 10 * 60_000;

/** Ends whatever they hold now, and withdraws what waits; answers how much. @throws Fault: the next sweep goes on */
export async function endForLeaver(deps: CommandDeps, person: string): Promise<number> {
  const stored = await deps.journal.read('leaver', person);
  if (!stored.value) return 0;
  const now = deps.clock.now();
  const open = (await openOf(deps.journal, person, now)).filter(
    ({ subject, status }) => subject === person || status === 'pending',
  );
  const failed: string[] = [];
  for (const state of open) {
    const why = await notEnded(deps, state);
    if (why !== null) failed.push(`${state.requestId} (${why})`);
  }
  if (failed.length > 0)
    throw new Fault(`What a leaver holds could not all be ended: ${failed.join(', ')}`, {
      service: 'journal',
      retryable: true,
    });
  if (open.length === 0 && now.getTime() - Date.parse(stored.value.at) > WATCHED_MS)
    await deps.journal.commit([remove(stored)], now);
  return open.length;
}

/** Null when it ends, or was over already. One that fails never keeps the others. */
async function notEnded(
  deps: CommandDeps,
  { requestId, status }: KnownRequest,
): Promise<string | null> {
  const actor = { kind: 'sweep' } as const;
  const ended = { type: 'EndGrant', requestId, actor, reason: null, because: 'left' } as const;
  const withdrawn = { type: 'WithdrawRequest', requestId, actor } as const;
  try {
    const done = await executeCommand(status === 'pending' ? withdrawn : ended, deps);
    return done.ok || done.error.code === 'wrong-status' ? null : done.error.code;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.message;
  }
}
