/** `/access mine` and `/access pending`: lists come from indexes and may be a moment old; what one does from them is judged afresh. */

import { waitingFor } from '../../../shared/application/home-waiting.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Act } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { CommandBody } from '../payloads.ts';
import { type Listed, listMessage } from '../views/lists.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

const MINE = 10;
const LIVE = new Set<KnownRequest['status']>([
  ...(['pending', 'scheduled', 'activating', 'active', 'removing'] as const),
]);

export async function listMine(act: Act<CommandBody>, deps: SlackDeps): Promise<Message> {
  const person = act.body.user_id;
  const mine = await deps.journal.requestsOf(person, MINE);
  const live = mine.filter(({ status }) => LIVE.has(status));
  const over = mine.filter(({ status }) => !LIVE.has(status));
  const row = (state: KnownRequest): Listed => ({ state, may: mayDo(state) });
  return listMessage('mine', [...live, ...over].map(row));
}

function mayDo({ status, start }: KnownRequest): Listed['may'] {
  if (status === 'scheduled') return start?.until ? ['start', 'withdraw'] : ['withdraw'];
  if (status === 'pending') return ['withdraw'];
  return status === 'active' ? ['end'] : [];
}

/** The same list as on the Home. */
export async function listPending(act: Act<CommandBody>, deps: SlackDeps): Promise<Message> {
  const active = await deps.policies.active();
  if (!active) return refusalMessage({ code: 'policy-unavailable' }, deps.clock.now());
  const { rows, extensions, reviews } = await waitingFor(deps, active, act.body.user_id);
  return listMessage('pending', [
    ...rows.map(({ state }): Listed => ({ state, may: ['approve', 'deny'] })),
    ...extensions.map((state): Listed => ({ state, may: ['extend'] })),
    ...reviews.map((state): Listed => ({ state, may: ['review'] })),
  ]);
}
