/** The request's card in the rule's channel: one picture of the state, drawn anew each time. Decides nothing. */

import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { extensionBlocks, extensionButtons } from './extension.ts';
import { type CardFacts, STATUS_WORDS } from './facts.ts';
import { headline, voidedLine } from './headline.ts';
import { dayAndTime } from './instants.ts';
import {
  actions,
  button,
  context,
  endButton,
  forHowLong,
  forWhom,
  type Message,
  mention,
  mentions,
  pressedOf,
  quoted,
  section,
  what,
} from './parts.ts';
import { ruleLine } from './rule-line.ts';
import { laterLine, reviewButtons, reviewLine, unusual } from './unusual.ts';

const MOST_NAMED = 20;

/** `twin`: a run that died may have left a second card of this request in the channel. */
export function card(
  state: KnownRequest,
  facts: CardFacts,
  { twin }: { twin: boolean } = { twin: false },
): Message {
  return {
    text: `${state.requestId}: ${facts.overdue ? 'STILL HAS ACCESS past its end' : STATUS_WORDS[state.status]}`,
    blocks: [
      section(`${headline(state, facts)}\n${asked(state)}${voidedLine(facts)}`),
      ...whyBlocks(facts),
      ...(state.status === 'pending' ? judging(state, facts) : []),
      ...extensionBlocks(state, facts),
      ...(state.breakGlass ? [section(reviewLine(state, facts))] : []),
      context(small(state, facts)),
      ...(twin ? [context(TWIN)] : []),
      ...actions(buttons(state)),
    ],
  };
}

const TWIN =
  'An interruption may have left a second card of this request here. This one is kept up to date; the buttons of both do the same.';

/** Who, what and how long: the same sentence on the card, in forms and in receipts. */
export const asked = (state: KnownRequest): string =>
  `${unusual(state)}${mention(state.requester)} asked for ${what(state)}${forWhom(state)} for *${forHowLong(state.durationSeconds)}*${laterLine(state)}`;

export function whyBlocks({ justification, reason }: CardFacts): KnownBlock[] {
  return [
    justification === null
      ? context('Why: the words were erased')
      : quoted('Why (typed by the requester)', justification),
    ...(reason === null ? [] : [quoted('Reason (typed by who decided)', reason)]),
  ];
}

/** What somebody who is to decide should know. */
function judging(state: KnownRequest, facts: CardFacts): KnownBlock[] {
  const risk = facts.privileged ? ':warning: *Privileged access.* ' : '';
  const who = facts.approvers.slice(0, MOST_NAMED);
  const call = who.length > 0 ? `${mentions(who)}: please decide.` : 'No approver is left to ask.';
  return [section(`${risk}${call}`), context(history(state, facts))];
}

function history(state: KnownRequest, { before, holders }: CardFacts): string {
  const last = before
    .slice(0, 3)
    .map(({ requestId, status }) => `${requestId} ${STATUS_WORDS[status]}`);
  const past = last.length > 0 ? last.join(', ') : 'none';
  const others = holders.filter((holder) => holder !== state.subject).slice(0, MOST_NAMED);
  const now = others.length > 0 ? mentions(others) : 'nobody';
  return `Asked here before: ${past} · Holds it through Hallpass now: ${now}`;
}

function small(state: KnownRequest, { groups }: CardFacts): string {
  const { approvalsNeeded: needed, codeFrom } = state;
  const rule = `rule ${code(state.rule)} · ${ruleLine({ groups, codeFrom, needed })}`;
  return `${state.requestId} · ${rule} · asked ${dayAndTime(state.requestedAt)}`;
}

function buttons(state: KnownRequest): Button[] {
  const pressed = pressedOf(state);
  const review = reviewButtons(state);
  if (state.status === 'active') return [...extensionButtons(state), endButton(pressed), ...review];
  if (state.status !== 'pending') return review;
  return [
    button('approve', 'Approve', { pressed, style: 'primary' }),
    button('deny', 'Deny', { pressed, style: 'danger' }),
  ];
}
