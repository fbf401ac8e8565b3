/**
 * What the tables of the evidence hold: an event, and the request it belongs to as it stood at the end of the period, become rows.
 * Pure. Ids only; whatever is told here is told by events before that end, so that the same data make the same pack.
 */

import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { actorOf, type LoggedEvent } from '../../../shared/domain/audit/audit-row.ts';
import { canonicalJson, type Json } from '../../../shared/domain/audit/canonical-json.ts';
import type { AnyEvent } from '../../../shared/domain/records.ts';

const ACCESS = ['request', 'requester', 'subject', 'entitlement', 'role'] as const;
export const TABLES = {
  'access-granted': [
    ...['activated_at', ...ACCESS, 'rule', 'policy', 'requested_at', 'authorized_at'],
    ...['read_back_at', 'expires_at', 'approvers', 'status_at_period_end'],
  ],
  'access-ended': [
    ...['removed_at', ...ACCESS, 'because', 'due_at', 'read_back_at', 'seconds_past_end'],
    ...['outcome', 'removal_failures'],
  ],
  approvals: ['at', ...ACCESS, 'decision', 'approver', 'code', 'time_step', 'same_content'],
  reviews: ['at', ...ACCESS, 'incident', 'review_by', 'review', 'reviewer'],
  refusals: ['at', 'person', 'tried', 'request', 'refused_because'],
  'policy-changes': ['at', 'actor', 'policy', 'previous_policy'],
  authenticators: ['at', 'owner', 'actor', 'event', 'details'],
  drift: ['at', 'container', 'event', 'details'],
  administration: ['at', 'actor', 'event', 'details'],
  exceptions: ['at', 'exception', 'request', 'people', 'details'],
} as const;
export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = [
  ...['access-granted', 'access-ended', 'approvals', 'reviews', 'refusals'],
  ...['policy-changes', 'authenticators', 'drift', 'administration', 'exceptions'],
] as const satisfies readonly string[];

export type Row = { readonly table: TableName; readonly cells: readonly string[] };

type Of<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

/** The rows of one event; `state` is its request at the end of the period. */
export function rowsOf(logged: LoggedEvent, state: KnownRequest | null): Row[] {
  const { event } = logged;
  switch (event.type) {
    case 'GrantActivated':
      return state ? [granted(event, state)] : [];
    case 'GrantRemoved':
      return state?.status === 'ended' ? [ended(event, state)] : [];
    case 'RequestApproved':
    case 'GrantExtended':
    case 'RequestDenied':
      return state ? [decided(event, state)] : [];
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
      return [
        row('policy-changes', [
          ...[event.at, actorOf(event.actor), event.hash, event.previousHash ?? ''],
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
  if (kind === 'administration' || kind === 'pause')
    return [row('administration', [event.at, by, event.type, rest(event)])];
  return [];
}

export const row = (table: TableName, cells: readonly string[]): Row => ({ table, cells });

const HEAD = new Set(['type', 'v', 'at', 'actor', 'owner']);
const rest = (event: AnyEvent): string =>
  canonicalJson(Object.fromEntries(Object.entries<Json>(event).filter(([key]) => !HEAD.has(key))));

const access = ({ requestId, requester, subject, entitlement }: KnownRequest): string[] => [
  ...[requestId, requester, subject, entitlement.id, entitlement.role],
];

function granted(event: Of<'GrantActivated'>, state: KnownRequest): Row {
  const [authorizedAt, expiresAt] =
    'authorizedAt' in state ? [state.authorizedAt, state.expiresAt] : ['', ''];
  const approvers = state.approvals.map(({ approver }) => approver).join(' ');
  return row('access-granted', [
    ...[event.at, ...access(state), state.rule, state.policyHash, state.requestedAt, authorizedAt],
    ...[event.readBackAt, expiresAt, approvers, state.status],
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
  const { incident, reviewBy } = state.breakGlass ?? { incident: null, reviewBy: '' };
  const reviewer = event.type === 'BreakGlassReviewed' ? actorOf(event.actor) : '';
  return row('reviews', [
    ...[event.at, ...access(state), incident ?? '', reviewBy, review, reviewer],
  ]);
}

const DECISIONS = {
  RequestApproved: 'approved',
  GrantExtended: 'extended',
  RequestDenied: 'denied',
} as const;

function decided(event: Of<keyof typeof DECISIONS>, state: KnownRequest): Row {
  const factor = 'factor' in event ? event.factor : null;
  const content =
    event.type === 'RequestApproved'
      ? event.contentHash === state.contentHash
        ? 'yes'
        : 'NO'
      : '';
  return row('approvals', [
    ...[event.at, ...access(state), DECISIONS[event.type], actorOf(event.actor)],
    ...[factor?.kind ?? 'none', String(factor?.step ?? ''), content],
  ]);
}
