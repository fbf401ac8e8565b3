/**
 * An authenticator was reset as lost: approvals that its owner gave before no longer count. Asks for every card to be drawn anew
 * that still shows one of them; what a card says is read from the state, so asking once too often is harmless.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import type { Clock, Journal, Queues } from '../ports.ts';
import { allOpen } from './open-requests.ts';

/** Much longer than the message about a reset takes; what happens to the authenticator later is no reason to look again. */
const FRESH_MS = 60 * 60_000;

/** Answers how many. @throws Fault */
export async function redrawVoided(
  owner: string,
  { journal, clock, queues }: { journal: Journal; clock: Clock; queues: Queues },
): Promise<number> {
  const { value } = await journal.read('authenticator', owner);
  const voidUntil = value?.approvalsVoidUntil ?? null;
  const now = clock.now();
  if (voidUntil === null || now.getTime() - Date.parse(voidUntil) > FRESH_MS) return 0;
  let asked = 0;
  for await (const state of allOpen(journal, now)) {
    const rests = waitingOn(state).some(
      ({ approver, at }) => approver === owner && at <= voidUntil,
    );
    if (!rests) continue;
    await queues.send('announce', { requestId: state.requestId });
    asked += 1;
  }
  return asked;
}

/** Approvals that something still rests on: of a request that waits or is to begin, of an extension that waits. */
function waitingOn(state: KnownRequest): readonly { approver: string; at: string }[] {
  if (state.status === 'pending' || state.status === 'scheduled') return state.approvals;
  return (state.status === 'active' && state.extension?.approvals) || [];
}
