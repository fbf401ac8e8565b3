/** What is not the usual way, marked as such wherever a request is shown: BREAK-GLASS, access that begins later, a review that is owed. */

import type { InStatus, KnownRequest, Start } from '../../../shared/domain/access-request/model.ts';
import { reviewDueAt } from '../../../shared/domain/access-request/model.ts';
import { COMMANDS } from '../commands.ts';
import type { Button } from './block-kit.ts';
import { code } from './escape.ts';
import type { CardFacts } from './facts.ts';
import { dayAndTime } from './instants.ts';
import {
  button,
  context,
  type Message,
  mention,
  mentions,
  pressedOf,
  section,
  what,
} from './parts.ts';

const MOST_NAMED = 20;

export const unusual = ({
  breakGlass,
}: {
  readonly breakGlass: { readonly incident: string | null } | null;
}): string =>
  breakGlass
    ? `:rotating_light: *BREAK-GLASS*${breakGlass.incident === null ? '' : ` ${code(breakGlass.incident)}`}: `
    : '';

/** When it begins, where that is not once it is approved. */
export function laterLine({ start }: { readonly start: Start | null }): string {
  if (!start) return '';
  return start.until === null
    ? `\nBegins ${dayAndTime(start.notBefore)}, not before.`
    : `\nIts holder may start it between ${dayAndTime(start.notBefore)} and ${dayAndTime(start.until)}; it ends then at the latest.`;
}

/** For who is about to ask: when it would end, or when it would begin. */
export function whenLine(
  draft: {
    readonly start: Start | null;
    readonly breakGlass: unknown;
    readonly durationSeconds: number;
  },
  now: Date,
): string {
  const later = laterLine(draft).trimStart();
  if (later !== '') return later;
  const ends = dayAndTime(new Date(now.getTime() + draft.durationSeconds * 1000).toISOString());
  return draft.breakGlass
    ? `Nobody is asked. It would end by itself ${ends}; everybody who could have approved it is told at once, and it owes a review.`
    : `Approved now, it would end by itself ${ends}.`;
}

/** Takes it back; within its window the holder starts it. */
export function startButtons(state: InStatus<'scheduled'>): Button[] {
  const pressed = pressedOf(state);
  const start = button('start', 'Start now', { pressed, style: 'primary' });
  return [...(state.start?.until ? [start] : []), button('withdraw', 'Withdraw', { pressed })];
}

export const reviewButtons = (state: KnownRequest): Button[] =>
  reviewOwed(state) ? [button('review', 'Review', { pressed: pressedOf(state) })] : [];

/** Does this request owe a review that nobody has given yet? */
const reviewOwed = (state: KnownRequest): boolean => reviewDueAt(state) !== null;

/** A break-glass that was not justified: for the security channel. */
export const verdictMessage = (state: KnownRequest): Message => ({
  text: `${state.requestId}: a break-glass that was not justified`,
  blocks: [
    section(
      `:rotating_light: *BREAK-GLASS NOT JUSTIFIED*: ${mention(state.requester)} took ${what(state)} (${state.requestId})${state.review ? `; ${mention(state.review.by)} reviewed it ${dayAndTime(state.review.at)}` : ''}.`,
    ),
    context(
      `Why it was taken, and every step: ${code(`${COMMANDS.access} why ${state.requestId}`)}`,
    ),
  ],
});

/** Who was not asked, and how its review stands. */
export function reviewLine(
  state: KnownRequest,
  { approvers }: Pick<CardFacts, 'approvers'>,
): string {
  const { breakGlass, review, reviewOverdueAt } = state;
  if (!breakGlass) return '';
  if (review)
    return `*Reviewed* by ${mention(review.by)} ${dayAndTime(review.at)}: *${review.verdict === 'justified' ? 'justified' : 'NOT justified'}*`;
  const who =
    approvers.length > 0
      ? ` Not asked, and able to review it: ${mentions(approvers.slice(0, MOST_NAMED))}.`
      : '';
  const due = dayAndTime(breakGlass.reviewBy);
  return reviewOverdueAt === null
    ? `*Review owed* by ${due}.${who}`
    : `:rotating_light: *REVIEW OVERDUE* since ${due}.${who}`;
}
