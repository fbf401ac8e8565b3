/**
 * Each audit event as a sentence about these people and this container, for the timeline. Says only what the event holds;
 * an event that has no sentence here yet is told by its meaning in docs/audit-events.md. Instants stay as they are stored:
 * the page shows them in the workspace's zone.
 */
import { formatDuration } from '../../shared/domain/duration.ts';
import type { AnyEvent } from '../../shared/domain/records.ts';
import { EVENT_MEANINGS } from '../docs/event-meanings.ts';
import { MORE_SENTENCES } from './more-sentences.ts';
import { coded, type NameOf, type Sentences, who } from './sentence-parts.ts';
import type { TimelineEntry } from './shapes.ts';

const OUTCOMES = {
  removed: 'the role is gone',
  restored: 'the role from before is back',
  covered: 'another grant still covers it',
  'never-granted': 'nothing had been granted yet',
  left: 'it was left in place',
} as const;
const RESULTS = {
  confirmed: 'a read-back showed it done',
  refused: 'the provider refused it, or it was too late to issue',
  settled: 'too old to take effect any more',
} as const;

const SENTENCES: Sentences = {
  ...MORE_SENTENCES,
  AccessRequested: (e, nameOf) =>
    `${nameOf(e.requester)} asked for ${e.entitlement.role} in ${e.entitlement.resource}${e.subject === e.requester ? '' : ` for ${nameOf(e.subject)}`} for ${formatDuration(e.durationSeconds)}${coded(e.factor)}. ${wanted(e)}`,
  RequestApproved: (e, nameOf) =>
    `${who(e.actor, nameOf)} approved exactly this content for ${formatDuration(e.durationSeconds)}${coded(e.factor)}.`,
  GrantAuthorized: (e) =>
    `${e.approvers.length === 0 ? 'No approval is missing.' : 'Enough approvals.'} The end is fixed before access begins: ${e.expiresAt}.`,
  GrantScheduled: (e) =>
    e.start.until === null
      ? `Enough approvals. It begins at ${e.start.notBefore}.`
      : `Enough approvals. Its holder may start it from ${e.start.notBefore} until ${e.start.until}.`,
  GrantStarted: (e, nameOf) =>
    `${who(e.actor, nameOf)} started what was approved ahead${coded(e.factor)}.`,
  GrantNotStarted: (e) => `It will not begin (${e.why}). Nobody had any access.`,
  BreakGlassReviewed: (e, nameOf) =>
    `${who(e.actor, nameOf)} reviewed the break-glass: ${e.verdict === 'justified' ? 'justified' : 'not justified'}.`,
  ReviewOverdue: (e) => `Nobody reviewed the break-glass before ${e.reviewBy}.`,
  RequestDenied: (e, nameOf) => `${who(e.actor, nameOf)} said no. That ends the request.`,
  RequestWithdrawn: (e, nameOf) =>
    e.actor.kind === 'sweep'
      ? 'Who asked for it, or was to have it, left the workspace: withdrawn.'
      : `${who(e.actor, nameOf)} took the ask back.`,
  RequestLapsed: () => 'Nobody decided in time; the request died.',
  GrantActivated: (e) => `The provider was read at ${e.readBackAt} and shows the role. Active.`,
  ActivationFailed: (e) => `The provider did not take it (${e.code}). Nothing of it is left there.`,
  GrantExtended: (e, nameOf) => `${who(e.actor, nameOf)} moved the end to ${e.expiresAt}.`,
  GrantExpired: () => 'Its time is over. Removal begins.',
  GrantRevoked: (e, nameOf) => {
    if (e.cause === 'ticket') return 'The ticket it was for was closed. Removal begins.';
    if (e.cause === 'left') return 'Its holder left the workspace. Removal begins.';
    return `${who(e.actor, nameOf)} ended it early. Removal begins.`;
  },
  GrantRemoved: (e) =>
    e.readBackAt === null
      ? `Over: ${OUTCOMES[e.outcome]}.`
      : `The provider was read at ${e.readBackAt}: ${OUTCOMES[e.outcome]}. Verified.`,
  RemovalFailed: (e) => `Try ${e.attempt} to take it away failed (${e.code}). It is tried again.`,
  ContainerPinned: (e) => `The place was tied to the provider's number ${e.containerId} for it.`,
  AccountPinned: (e) => `The login was tied to the provider's account number ${e.accountId}.`,
  BaselineCaptured: (e) =>
    e.membership.role === null
      ? 'Looked before writing: the account was not a member.'
      : `Looked before writing: the account already was ${e.membership.role}. That comes back at the end.`,
  IntentIssued: (e) =>
    e.kind === 'add'
      ? `On record before the call is made: write ${e.role} at the provider.`
      : 'On record before the call is made: take the role away at the provider.',
  IntentClosed: (e) => `That call is over: ${RESULTS[e.result]}.`,
  DriftFound: (e) =>
    `The provider shows ${e.actual ?? 'nothing'} where our books say ${e.expected ?? 'nothing'}.`,
  HoldingCleared: () => 'Nothing of ours is left at the provider; the baseline is forgotten.',
  CommandRefused: (e, nameOf) =>
    `${who(e.actor, nameOf)} tried to ${spaced(e.command)} and was refused: ${e.code}.`,
};

type Asked = Extract<AnyEvent, { type: 'AccessRequested' }>;
function wanted(event: Asked): string {
  if (event.v === 2 && event.breakGlass)
    return `By break-glass: rule ${event.rule} wants a review.`;
  const { rule, approvalsNeeded } = event;
  if (approvalsNeeded === 0) return `By rule ${rule} nobody has to approve it.`;
  return `Rule ${rule} wants ${approvalsNeeded} ${approvalsNeeded === 1 ? 'approval' : 'approvals'}.`;
}

export function sentenceOf(event: AnyEvent, nameOf: NameOf): string {
  return tell(SENTENCES, event, nameOf) ?? EVENT_MEANINGS[event.type];
}

/** The table's function for this very type; a type parameter keeps the two together. */
function tell<T extends AnyEvent['type']>(
  sentences: { readonly [K in T]?: (event: Extract<AnyEvent, { type: K }>, n: NameOf) => string },
  event: Extract<AnyEvent, { type: T }>,
  nameOf: NameOf,
): string | undefined {
  return sentences[event.type]?.(event, nameOf);
}

const spaced = (command: string) =>
  command
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();

const GOOD = /^(RequestApproved|GrantActivated|GrantRemoved|CodeAccepted|HoldingCleared)$/;
const BAD = /(Failed|Refused|Denied|Lapsed|Locked|Found)$/;
const WAIT = /^(GrantAuthorized|GrantExpired|GrantRevoked|IntentIssued|GrantExtended)$/;

export const toneOf = (type: string): TimelineEntry['tone'] =>
  GOOD.test(type) ? 'good' : BAD.test(type) ? 'bad' : WAIT.test(type) ? 'wait' : 'plain';
