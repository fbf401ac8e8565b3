/** Records a person's refused attempt in the refusal chain of its day and shard. Never changes the answer. */
import { type Clock, Fault, type Ids, type Journal, put, type Telemetry } from '../ports.ts';

const TRIES = 6;

export async function recordRefusal(
  deps: { journal: Journal; clock: Clock; ids: Ids; telemetry: Telemetry },
  attempt: {
    actor: { kind: 'person'; id: string };
    command: string;
    requestId: string | null;
    code: string;
  },
): Promise<void> {
  const now = deps.clock.now();
  const at = now.toISOString();
  const day = at.slice(0, 10);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const shard = deps.ids.unique().charAt(0);
    try {
      const base = await deps.journal.read('refusals', `${day}#${shard}`);
      const event = { type: 'CommandRefused' as const, v: 1 as const, at, ...attempt };
      const result = await deps.journal.commit([put(base, { day }, [event])], now);
      if (result.committed) return;
    } catch (error) {
      // The person still gets the refusal; that its record is missing is an operator's business.
      if (!(error instanceof Fault)) throw error;
    }
  }
  deps.telemetry.error('A refused attempt could not be recorded', { code: attempt.code, day });
}
