/**
 * Works through everything that is open while a stop stands: what waits is withdrawn, every holding with live access is handed to
 * ensure, which ends it. Level-triggered and in pages: a sweep that dies is followed by the next one, which finds what is left.
 * Under a stop nothing new can come (halts.ts), so once nothing is left nothing has to be looked for.
 */
import { type DueItem, Fault, put, type Queues } from '../ports.ts';
import { type CommandDeps, executeCommand } from './execute-command.ts';
import { EVERYTHING, farAhead } from './halts.ts';

export type ObeyDeps = CommandDeps & { queues: Queues };
/** What was decided just before the stop may not stand in the index yet: until then a walk that finds nothing proves nothing. */
const INDEX_LAG_MS = 120_000;

/** How much was still open. @throws Fault: the next sweep goes on */
export async function obeyStop(deps: ObeyDeps): Promise<number> {
  const stored = await deps.journal.read('stop', EVERYTHING);
  const { value: stop } = stored;
  if (!stop?.standing || stop.clearedAt !== null) return 0;
  const { confirmedBy, since } = stop.standing;
  const now = deps.clock.now();
  let open = 0;
  for await (const item of deps.journal.allDue(farAhead(now)))
    open += (await tried(deps, item, confirmedBy)) ? 1 : 0;
  if (open > 0 || now.getTime() - Date.parse(since) < INDEX_LAG_MS) return open;
  // Lost to a press of the button meanwhile: what stands then is looked at by the next sweep.
  await deps.journal.commit([put(stored, { ...stop, clearedAt: now.toISOString() })], now);
  return 0;
}

/** One item that fails never stops the others; it is still open for the next sweep. */
async function tried(deps: ObeyDeps, item: DueItem, by: string): Promise<boolean> {
  try {
    return await stopOne(deps, item, by);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('Something open could not be stopped', { ...item, why: error.message });
    return true;
  }
}

/** True when there was something to stop. */
async function stopOne(deps: ObeyDeps, { kind, id }: DueItem, by: string): Promise<boolean> {
  if (kind === 'holding') {
    const { value } = await deps.journal.read('holding', id);
    const live = value?.grants.some(({ phase }) => phase !== 'removing') ?? false;
    if (live) await deps.queues.send('removals', { holdingId: id });
    return live;
  }
  if (kind !== 'request') return false;
  const { value } = await deps.journal.read('request', id);
  if (value?.status !== 'pending' && value?.status !== 'scheduled') return false;
  const actor = { kind: 'person', id: by } as const;
  const done = await executeCommand({ type: 'ObeyStop', requestId: id, actor }, deps);
  // Somebody was faster; anything else keeps the stop from being cleared, and somebody must hear why.
  if (!done.ok && done.error.code !== 'wrong-status')
    deps.telemetry.error('Something open could not be stopped', { kind, id, why: done.error.code });
  return true;
}
