/**
 * That the policy file is missing or has an error, for whoever asks whether all is well: the last good one stays in force meanwhile, which
 * nobody would notice. Only when it was last so; what is wrong in it is for who may read the file.
 */
import { type Clock, type Journal, put } from '../ports.ts';

const JOB = 'policy-not-loaded';
/** The file is loaded every minute: what was so longer ago is mended. */
const STILL_SO_MS = 180_000;

/** @throws Fault */
export async function notePolicyNotLoaded(deps: { journal: Journal; clock: Clock }): Promise<void> {
  const now = deps.clock.now();
  const base = await deps.journal.read('heartbeat', JOB);
  await deps.journal.commit([put(base, { at: now.toISOString() })], now);
}

export async function isPolicyNotLoaded(deps: {
  readonly journal: Pick<Journal, 'read'>;
  readonly clock: Clock;
}): Promise<boolean> {
  const { value } = await deps.journal.read('heartbeat', JOB);
  return value !== null && deps.clock.now().getTime() - Date.parse(value.at) < STILL_SO_MS;
}
