/**
 * The first walk after the red button was pressed: every holding with live access goes to the removals queue within seconds, where
 * ensure ends it by the authority of the stop. A hint like every other message: what it misses, because an index is a moment
 * behind or because it died, the sweep finds (obey-stop.ts). Decides nothing and writes nothing.
 */
import type { Clock, Journal, Queues } from '../ports.ts';
import { EVERYTHING, farAhead } from './halts.ts';

export type AtOnceDeps = { journal: Journal; queues: Queues; clock: Clock };

/** How many were sent on. Nothing while no stop stands. @throws Fault: the message comes again */
export async function endAtOnce({ journal, queues, clock }: AtOnceDeps): Promise<number> {
  const { value: stop } = await journal.read('stop', EVERYTHING);
  if (!stop?.standing) return 0;
  let sent = 0;
  for await (const { kind, id } of journal.allDue(farAhead(clock.now()))) {
    if (kind !== 'holding') continue;
    await queues.send('removals', { holdingId: id });
    sent += 1;
  }
  return sent;
}
