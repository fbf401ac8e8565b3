/**
 * What the tables of the evidence hold of an event, told with the request it belongs to as it stood at the end of the period. Pure. Ids
 * only; whatever is told here is told by events before that end, so that the same data make the same pack.
 */
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { actorOf, type LoggedEvent } from '../../../shared/domain/audit/audit-row.ts';
import { canonicalJson, type Json } from '../../../shared/domain/audit/canonical-json.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';
import { access, approversOf, reviewRow } from './rows-at-end.ts';
import { type Row, row } from './tables.ts';

type Of<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

/** A request as it stood at the end of the period, and what its approvals may be bound to: the hashes of its asks for more time. */
export type AtEnd = { readonly state: KnownRequest; readonly extensions: ReadonlySet<string> };

/** The rows of one event. */
export function rowsOf(logged: LoggedEvent, atEnd: AtEnd | null): Row[] {
  const state = atEnd?.state ?? null;
  const { event } = logged;
  switch (event.type) {
    case 'GrantActivated':
      return state ? [granted(event, state)] : [];
    case 'GrantRemoved':
      return state?.status === 'ended' ? [ended(event, state)] : [];
    case 'RequestApproved':
    case 'ExtensionApproved':
    case 'ExtensionDenied':
    case 'RequestDenied':
      return atEnd ? [decided(event, atEnd)] : [];
    case 'BreakGlassReviewed':
      return state ? [reviewed(event, state, event.verdict)] : [];
    case 'ReviewOverdue':
      return state ? [reviewed(event, state, 'overdue')] : [];
    case 'CommandRefused':
      return [
        row('refusals', [
          ...[event.at, actorOf(event.actor), event.command, event.requestId ?? '', event.code],
        ]),
      ];
    case 'PolicyChanged':
    case 'PolicyScheduled':
    case 'PolicyUnscheduled':
      return [
        row('policy-changes', [
          ...[event.at, actorOf(event.actor), event.type, event.hash],
          ...['previousHash' in event ? (event.previousHash ?? '') : ''],
          ...['effectiveAt' in event ? event.effectiveAt : ''],
        ]),
      ];
    default:
      return otherRows(logged);
  }
}

const CODES: ReadonlySet<AnyEvent['type']> = new Set([
  ...(['CodeRefused', 'RecoveryCodeRefused', 'EnrolmentRefused'] as const),
]);

function otherRows({ kind, id, event }: LoggedEvent): Row[] {
  const by = actorOf(event.actor);
  if (CODES.has(event.type) && 'reason' in event)
    return [row('refusals', [event.at, by, event.type, '', String(event.reason)])];
  // A right code is in the row of what it was spent on.
  if (event.type === 'CodeAccepted') return [];
  if (kind === 'authenticator' || kind === 'enrolment')
    return [row('authenticators', [event.at, id.split('#')[0] ?? id, by, event.type, rest(event)])];
  if (event.type === 'DriftFound')
    return [row('drift', [event.at, id.slice(0, id.lastIndexOf(':')), event.type, rest(event)])];
  if (kind === 'container') return [row('drift', [event.at, id, event.type, rest(event)])];
  if (kind === 'administration' || kind === 'pause' || kind === 'stop')
    return [row('administration', [event.at, by, event.type, rest(event)])];
  return [];
}

const HEAD = new Set(['type', 'v', 'at', 'actor', 'owner']);
const rest = (event: AnyEvent): string =>
  canonicalJson(Object.fromEntries(Object.entries<Json>(event).filter(([key]) => !HEAD.has(key))));

function granted(event: Of<'GrantActivated'>, state: KnownRequest): Row {
  const [authorizedAt, expiresAt] =
    'authorizedAt' in state ? [state.authorizedAt, state.expiresAt] : ['', ''];
  return row('access-granted', [
    ...[event.at, ...access(state), state.rule, state.policyHash, state.requestedAt, authorizedAt],
    ...[event.readBackAt, expiresAt, approversOf(state), state.status],
  ]);
}

/** When the access was due to be gone: its end, or the moment somebody ended it. */
export const dueToEnd = (state: InStatus<'removing' | 'ended'>): string =>
  state.endedBecause === 'expired' ? state.expiresAt : state.endedAt;

export function secondsPastEnd(
  state: InStatus<'ended'>,
  { at, readBackAt, outcome }: Of<'GrantRemoved'>,
): number {
  // What never was there did not outlive its end.
  if (outcome === 'never-granted') return 0;
  const past = Date.parse(readBackAt ?? at) - Date.parse(dueToEnd(state));
  return Math.max(0, Math.round(past / 1000));
}

function ended(event: Of<'GrantRemoved'>, state: InStatus<'ended'>): Row {
  const because = state.revokeCause === null ? 'expired' : `revoked by ${state.revokeCause}`;
  const past = String(secondsPastEnd(state, event));
  return row('access-ended', [
    ...[event.at, ...access(state), because, dueToEnd(state), event.readBackAt ?? '', past],
    ...[event.outcome, String(state.removalFailures)],
  ]);
}

/** Who took access by break-glass is judged afterwards by somebody else, or nobody did in time. */
function reviewed(
  event: Of<'BreakGlassReviewed' | 'ReviewOverdue'>,
  state: KnownRequest,
  review: string,
): Row {
  const by = event.type === 'BreakGlassReviewed' ? actorOf(event.actor) : '';
  const isLate = event.at > (state.breakGlass?.reviewBy ?? event.at);
  return reviewRow(event.at, state, { review, by, isLate: isLate || by === '' });
}

const DECISIONS = {
  RequestApproved: 'approved',
  ExtensionApproved: 'more time approved',
  ExtensionDenied: 'more time denied',
  RequestDenied: 'denied',
} as const;

function decided(event: Of<keyof typeof DECISIONS>, atEnd: AtEnd): Row {
  const factor = 'factor' in event ? event.factor : null;
  const content = 'contentHash' in event ? (isOfWhatWasAsked(event, atEnd) ? 'yes' : 'NO') : '';
  return row('approvals', [
    ...[event.at, ...access(atEnd.state), DECISIONS[event.type], actorOf(event.actor)],
    ...[factor?.kind ?? 'none', String(factor?.step ?? ''), content],
  ]);
}

export const isOfWhatWasAsked = (
  { type, contentHash }: Of<'RequestApproved' | 'ExtensionApproved'>,
  { state, extensions }: AtEnd,
): boolean =>
  type === 'RequestApproved' ? contentHash === state.contentHash : extensions.has(contentHash);
