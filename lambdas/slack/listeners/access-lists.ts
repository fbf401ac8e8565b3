/** `/access mine` and `/access pending`: lists come from indexes and may be a moment old; what one does from them is judged afresh. */

import { mayDecide } from '../../../shared/application/verdict.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Act } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { CommandBody } from '../payloads.ts';
import { type Listed, listMessage } from '../views/lists.ts';
import type { Message } from '../views/parts.ts';

const MINE = 10;
/** How many waiting requests are looked at to find those a person may decide. */
const LOOKED_AT = 100;
const FAR_MS = 366 * 86_400_000;
const LIVE = new Set<KnownRequest['status']>(['pending', 'activating', 'active', 'removing']);

export async function listMine(act: Act<CommandBody>, deps: SlackDeps): Promise<Message> {
  const mine = await deps.journal.requestsOf(act.body.user_id, MINE);
  const live = mine.filter(({ status }) => LIVE.has(status));
  const over = mine.filter(({ status }) => !LIVE.has(status));
  const row = (state: KnownRequest): Listed => ({ state, may: mayDo(state) });
  return listMessage('mine', [...live, ...over].map(row));
}

const mayDo = ({ status }: KnownRequest): Listed['may'] =>
  status === 'pending' ? ['withdraw'] : status === 'active' ? ['end'] : [];

export async function listPending(act: Act<CommandBody>, deps: SlackDeps): Promise<Message> {
  const person = act.body.user_id;
  const end = new Date(deps.clock.now().getTime() + FAR_MS);
  const due = await deps.journal.due(end, LOOKED_AT);
  const ids = due.flatMap(({ kind, id }) => (kind === 'request' ? [id] : []));
  const states = await Promise.all(ids.map((id) => deps.journal.read('request', id)));
  const waiting = states.flatMap(({ value }) => (value?.status === 'pending' ? [value] : []));
  const judged = await Promise.all(
    waiting.map(async (state) => ({ state, may: (await mayDecide(deps, state, person)).ok })),
  );
  const mine = judged.filter(({ may }) => may);
  return listMessage(
    'pending',
    mine.map(({ state }): Listed => ({ state, may: ['approve', 'deny'] })),
  );
}
