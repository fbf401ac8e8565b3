/** The Nudge button, on whatever approvers have yet to answer: a request, or more time for what is live. */
import { NUDGES } from '../../../shared/domain/access-request/decide-waiting.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Button } from './block-kit.ts';
import { button, pressedOf } from './parts.ts';

/** When approvers were reminded of what waits now; null where nothing does. */
export function nudgesOf(state: KnownRequest): readonly string[] | null {
  if (state.status === 'pending') return state.nudgedAt;
  return state.status === 'active' && state.extension ? state.extension.nudgedAt : null;
}

/** None where nothing waits, and once they were reminded often enough. */
export function nudgeButtons(state: KnownRequest): Button[] {
  const nudged = nudgesOf(state);
  return nudged && nudged.length < NUDGES.most
    ? [button('nudge', 'Nudge', { pressed: pressedOf(state) })]
    : [];
}
