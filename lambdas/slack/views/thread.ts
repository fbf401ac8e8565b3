/** One line per event for the card's thread: who, when, what, and whether a code was right. Ids only, never typed text. */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import type { KnownRequest, RevokeCause } from '../../../shared/domain/access-request/model.ts';
import { unreachable } from '../../../shared/domain/result.ts';
import { code } from './escape.ts';
import type { CardFacts } from './facts.ts';
import { dayAndTime, timeOnly } from './instants.ts';
import { actorName, forHowLong, forLess, type Message, mentions, section } from './parts.ts';
import { ruleLine } from './rule-line.ts';

/** The events that the thread has not been told yet, in one message. */
export function threadMessage(
  events: readonly AccessRequestEvent[],
  state: KnownRequest,
  facts: CardFacts,
): Message {
  const lines = events.map((event) => `${timeOnly(event.at)} ${lineFor(event, state, facts)}`);
  return {
    text: `${state.requestId}: ${events.length} new in its log`,
    blocks: [section(lines.join('\n'))],
  };
}

const MOST_NAMED = 20;

const howLong = (seconds: number, { durationSeconds: asked }: KnownRequest): string =>
  seconds < asked ? forLess(seconds, asked) : ` for ${forHowLong(seconds)}`;

const coded = (factor: unknown): string => (factor === null ? '' : ' · code ok');

function lineFor(event: AccessRequestEvent, state: KnownRequest, facts: CardFacts): string {
  const by = actorName(event.actor);
  switch (event.type) {
    case 'AccessRequested':
      return `${by} asked${coded(event.factor)}. ${whyThese(state, facts)}`;
    case 'RequestApproved':
      return `${by} approved${howLong(event.durationSeconds, state)}${coded(event.factor)}`;
    case 'GrantAuthorized':
      return `enough approvals: access${howLong(event.durationSeconds, state)} is being set up and ends ${dayAndTime(event.expiresAt)}`;
    case 'GrantScheduled':
      return `enough approvals: access${howLong(event.durationSeconds, state)} begins ${event.start.until === null ? dayAndTime(event.start.notBefore) : `when its holder starts it, between ${dayAndTime(event.start.notBefore)} and ${dayAndTime(event.start.until)}`}`;
    case 'GrantStarted':
      return `${by} started what was approved ahead${coded(event.factor)}`;
    case 'GrantNotStarted':
      return `it will not begin: ${code(event.why)}`;
    case 'BreakGlassReviewed':
      return `${by} reviewed the break-glass: *${event.verdict === 'justified' ? 'justified' : 'NOT justified'}*`;
    case 'ReviewOverdue':
      return `:rotating_light: the review of this break-glass is overdue since ${dayAndTime(event.reviewBy)}`;
    case 'RequestDenied':
      return `${by} denied it`;
    case 'RequestWithdrawn':
      return event.actor.kind === 'sweep'
        ? 'who asked for it, or was to have it, left the workspace: withdrawn'
        : `${by} withdrew it`;
    case 'RequestLapsed':
      return 'nobody answered in time: lapsed';
    case 'GrantActivated':
      return `the provider was read and shows the role: active (account ${code(event.accountId)})`;
    case 'ActivationFailed':
      return `could not be set up: ${code(event.code)}`;
    case 'GrantExtended':
      return `${by} extended it to ${dayAndTime(event.expiresAt)}${coded(event.factor)}`;
    case 'ExtensionRequested':
      return `${by} asks for ${forHowLong(event.bySeconds)} more${coded(event.factor)}. ${whoDecides(facts)}`;
    case 'ExtensionApproved':
      return `${by} approved the extension${coded(event.factor)}`;
    case 'ExtensionDenied':
      return `${by} denied the extension: it ends as it would have`;
    case 'ExtensionWithdrawn':
      return `${by} no longer wants the extension`;
    case 'ApproversNudged':
      return `${by} reminded the approvers. ${whoDecides(facts)}`;
    case 'EscalationPlanned':
      return `should nobody decide, others are told ${dayAndTime(event.dueAt)}`;
    case 'RequestEscalated':
      return event.to.length > 0
        ? `nobody has decided: ${mentions(event.to.slice(0, MOST_NAMED))} told. They need not be approvers.`
        : 'nobody has decided, and the rule names nobody else to tell';
    case 'GrantExpired':
      return 'its time is over: it is being taken away';
    case 'GrantRevoked':
      return revokedWords(event.cause, by);
    case 'GrantRemoved':
      return `the provider was read: ${event.outcome}`;
    case 'RemovalFailed':
      return `taking it away failed, try ${event.attempt}: ${code(event.code)}; it is tried again`;
    default:
      return unreachable(event);
  }
}

function revokedWords(cause: RevokeCause, by: string): string {
  if (cause === 'ticket') return 'the ticket it was for was closed: it is being taken away';
  if (cause === 'left') return 'its holder left the workspace: it is being taken away';
  return `${by} ended it early (${cause}): it is being taken away`;
}

const whoDecides = ({ approvers }: CardFacts): string =>
  approvers.length > 0 ? `${mentions(approvers.slice(0, MOST_NAMED))}: please decide.` : '';

function whyThese(state: KnownRequest, { approvers, groups }: CardFacts): string {
  const { rule, approvalsNeeded: needed, codeFrom } = state;
  const who = approvers.length > 0 ? `: ${mentions(approvers.slice(0, 20))}` : '';
  return `Rule ${code(rule)} decides: ${ruleLine({ groups, codeFrom, needed })}${who}`;
}

/** Shown in the channel too: somebody has access that should be over. */
export const overdueMessage = (state: KnownRequest): Message => ({
  text: `${state.requestId}: STILL HAS ACCESS past its end`,
  blocks: [
    section(
      `:rotating_light: *STILL HAS ACCESS*: ${state.requestId} is past its end and taking it away is being retried.`,
    ),
  ],
});
