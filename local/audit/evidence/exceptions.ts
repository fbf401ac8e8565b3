/** What an auditor should look at first: where an event says that something was not as it should be. Pure. */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { actorOf, type LoggedEvent } from '../../../shared/domain/audit/audit-row.ts';
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';
import { type AtEnd, dueToEnd, isOfWhatWasAsked, secondsPastEnd } from './rows.ts';
import { type Row, row } from './tables.ts';

export const EXCEPTIONS = {
  'removed-late': 'Access was gone later than it should have been',
  'still-there': 'Access was past its end and not removed when the period ended',
  'removal-failed': 'The provider refused to remove access, or did not answer',
  'approval-without-code': 'The rule asks approvers for a code, and the approval has none',
  'approved-by-requester': 'Who asked or holds the access approved it',
  'other-content': 'An approval is bound to other content than the request has',
  'review-overdue': 'Access by break-glass was not reviewed in time',
  'not-justified': 'Who reviewed access by break-glass found it not justified',
  drift: 'The provider showed what the books do not explain',
  stranger: 'A member of a managed container whom no grant explains',
} as const;
export type ExceptionName = keyof typeof EXCEPTIONS;
export const EXCEPTION_NAMES = [
  ...(['removed-late', 'still-there', 'removal-failed', 'approval-without-code'] as const),
  ...(['approved-by-requester', 'other-content', 'review-overdue'] as const),
  ...(['not-justified', 'drift', 'stranger'] as const),
];

export type Found = { readonly name: ExceptionName; readonly details: string };

export function exceptionsIn({ event, id }: LoggedEvent, atEnd: AtEnd | null, to: Date): Found[] {
  switch (event.type) {
    case 'DriftFound':
      return [{ name: 'drift', details: id.slice(0, id.lastIndexOf(':')) }];
    case 'StrangerFound':
      return [{ name: 'stranger', details: `${id}, account ${event.accountId}` }];
    case 'RemovalFailed':
      return [{ name: 'removal-failed', details: `${event.code}, attempt ${event.attempt}` }];
    case 'ReviewOverdue':
      return [{ name: 'review-overdue', details: `due ${event.reviewBy}` }];
    case 'BreakGlassReviewed':
      return event.verdict === 'justified'
        ? []
        : [{ name: 'not-justified', details: `by ${actorOf(event.actor)}` }];
    default:
      return atEnd === null ? [] : ofRequest(event, atEnd, to);
  }
}

function ofRequest(event: AnyEvent, atEnd: AtEnd, to: Date): Found[] {
  const { state } = atEnd;
  if (event.type === 'RequestApproved' || event.type === 'ExtensionApproved')
    return ofApproval(event, atEnd);
  if (event.type === 'GrantRemoved' && state.status === 'ended') {
    const past = secondsPastEnd(state, event);
    const details = `${past} s past the end, ${event.outcome}`;
    return past > TIMING.overdueSeconds ? [{ name: 'removed-late', details }] : [];
  }
  const due = overdueSince(event, state);
  const isOver = due !== null && to.getTime() - Date.parse(due) > TIMING.overdueSeconds * 1000;
  return isOver ? [{ name: 'still-there', details: `due ${due}, ${state.status}` }] : [];
}

/** Looked at where the access begins and where its end is decided: each is told once. */
function overdueSince({ type }: AnyEvent, state: KnownRequest): string | null {
  if (type === 'GrantActivated' && state.status === 'active') return state.expiresAt;
  if ((type === 'GrantExpired' || type === 'GrantRevoked') && state.status === 'removing')
    return dueToEnd(state);
  return null;
}

function ofApproval(
  event: Extract<AnyEvent, { type: 'RequestApproved' | 'ExtensionApproved' }>,
  atEnd: AtEnd,
): Found[] {
  const { state } = atEnd;
  const approver = actorOf(event.actor);
  const found: Found[] = [];
  if (state.codeFrom.approver && event.factor === null)
    found.push({ name: 'approval-without-code', details: approver });
  if (approver === state.requester || approver === state.subject)
    found.push({ name: 'approved-by-requester', details: approver });
  if (!isOfWhatWasAsked(event, atEnd))
    found.push({ name: 'other-content', details: `${event.contentHash} by ${approver}` });
  return found;
}

export function exceptionRow(logged: LoggedEvent, state: KnownRequest | null, found: Found): Row {
  const people = state === null ? '' : [...new Set([state.requester, state.subject])].join(' ');
  const { at } = logged.event;
  return row('exceptions', [at, found.name, state?.requestId ?? '', people, found.details]);
}
