/** Reviews that break-glass owes and that one person may give: judged by the very decision that the button asks for, on the facts at hand. */
import { type KnownRequest, reviewDueAt } from '../domain/access-request/model.ts';
import type { FactsDeps } from './facts-for.ts';
import { wouldRefuse } from './would-decide.ts';

export const isReviewOwed = (state: KnownRequest): boolean => reviewDueAt(state) !== null;

const NO_WORDS_YET = `sha256:${'0'.repeat(64)}`;

/** May this person review it now? @throws Fault */
export async function mayReview(
  deps: FactsDeps,
  state: KnownRequest,
  person: string,
): Promise<boolean> {
  const { requestId, requester, subject } = state;
  if (person === requester || person === subject) return false;
  const actor = { kind: 'person', id: person } as const;
  const told = { verdict: 'justified', reason: NO_WORDS_YET } as const;
  const command = { type: 'ReviewBreakGlass', requestId, actor, ...told } as const;
  return (await wouldRefuse(deps, command, state)) === null;
}
