/**
 * Break-glass: access in an emergency without an approval, within a quota, and owed a review by somebody who could have approved
 * it. What one person took is known exactly when they ask again: it is part of the decision's transaction. A review says how it
 * was; it neither gives nor takes access.
 */
import { barredByAny } from '../policy/in-force.ts';
import { reviewerRefusal } from '../policy/reviewers.ts';
import { ok, type Result, refuse } from '../result.ts';
import {
  type NoteOverdueReview,
  type Refusal,
  type RequestAccess,
  type ReviewBreakGlass,
  wrongStatus,
} from './command.ts';
import { about, after, type Decision } from './decision.ts';
import { type Facts, type Permitted, todaysPolicies } from './facts.ts';
import { type AccessRequest, type BreakGlass, type InStatus, reviewDueAt } from './model.ts';

/** One break-glass of a person; it stays known for a week, and until it was reviewed. */
export type GlassTaken = {
  readonly requestId: string;
  readonly at: string;
  readonly reviewBy: string;
  readonly reviewed: boolean;
};

export const GLASS_WEEK_MS = 7 * 86_400_000;

/** What counts against the quota now; the newest last. */
export function takenThisWeek({ glass, now }: Pick<Facts, 'glass' | 'now'>): GlassTaken[] {
  const since = new Date(now.getTime() - GLASS_WEEK_MS).toISOString();
  return glass.filter(({ at }) => at > since).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Null for an ask that goes the usual way. The strictest of the policies in force counts. */
export function askedInEmergency(
  command: Pick<RequestAccess, 'breakGlass'>,
  verdicts: readonly Permitted[],
  facts: Pick<Facts, 'glass' | 'now'>,
): Result<BreakGlass | null, Refusal> {
  if (!command.breakGlass) return ok(null);
  const terms = verdicts.flatMap(({ breakGlass }) => breakGlass ?? []);
  if (terms.length !== verdicts.length)
    throw new Error('Break-glass was permitted by a rule that has none');
  const owed = facts.glass.find(
    ({ reviewed, reviewBy }) => !reviewed && reviewBy <= facts.now.toISOString(),
  );
  if (owed) return refuse({ code: 'review-owed', of: owed.requestId, reviewBy: owed.reviewBy });
  const taken = takenThisWeek(facts);
  const max = Math.min(...terms.map(({ perPersonPerWeek }) => perPersonPerWeek));
  const first = taken[taken.length - max];
  if (first) {
    const againAt = new Date(Date.parse(first.at) + GLASS_WEEK_MS).toISOString();
    return refuse({ code: 'break-glass-quota', max, againAt });
  }
  const within = Math.min(...terms.map(({ reviewWithinSeconds }) => reviewWithinSeconds));
  const { incident } = command.breakGlass;
  return ok({ incident, reviewBy: after(facts.now, within) });
}

const HELD = ['activating', 'active', 'removing', 'ended', 'failed'] as const;
type Held = InStatus<(typeof HELD)[number]>;
const wasHeld = (state: AccessRequest): state is Held =>
  HELD.some((status) => status === state.status);

export function reviewBreakGlass(
  state: AccessRequest,
  command: ReviewBreakGlass,
  facts: Facts,
): Decision {
  if (!wasHeld(state)) return refuse(wrongStatus(state));
  if (!state.breakGlass) return refuse({ code: 'nothing-to-review' });
  if (state.review)
    return refuse({ code: 'already-reviewed', by: state.review.by, at: state.review.at });
  const taken = { ...state, entitlement: state.entitlement.id };
  const candidate = command.actor.id;
  const barred = barredByAny(todaysPolicies(facts), (policy) =>
    reviewerRefusal(policy, taken, { ...facts, candidate }),
  );
  if (barred) return refuse(barred);
  const { verdict, reason } = command;
  return ok([{ type: 'BreakGlassReviewed', ...about(command, facts), verdict, reason }]);
}

/** On record once it is overdue, and every thirty days that it stays so. */
export function noteOverdueReview(
  state: AccessRequest,
  command: NoteOverdueReview,
  facts: Facts,
): Decision {
  if (!wasHeld(state)) return refuse(wrongStatus(state));
  const dueAt = reviewDueAt(state);
  if (!state.breakGlass || dueAt === null) return refuse({ code: 'nothing-to-review' });
  if (facts.now.toISOString() < dueAt) return refuse({ code: 'not-due', dueAt });
  const { reviewBy } = state.breakGlass;
  return ok([{ type: 'ReviewOverdue', ...about(command, facts), reviewBy }]);
}
