/**
 * Rows about the end of the period: access that somebody had then, and reviews that were owed. Pure; told by the event with which it began,
 * from the request as it stood at that end.
 */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { LoggedEvent } from '../../../shared/domain/audit/audit-row.ts';
import { type Row, row } from './tables.ts';

/**
 * What was true when the period ended and is told by the event with which it began, which may lie before the period: access that
 * somebody had, and a review that nobody had given. A review that went overdue within the period is told by that event.
 */
export function rowsAtEnd({ event }: LoggedEvent, state: KnownRequest, { from, to }: Ends): Row[] {
  if (event.type === 'GrantActivated' && (state.status === 'active' || state.status === 'removing'))
    return [
      row('access-at-end', [
        ...[event.at, ...access(state), state.rule, state.policyHash, state.expiresAt],
        ...[approversOf(state), state.status],
      ]),
    ];
  const { breakGlass, review, reviewOverdueAt } = state;
  const isTold = reviewOverdueAt !== null && reviewOverdueAt >= from;
  if (event.type !== 'AccessRequested' || !breakGlass || review || isTold) return [];
  const isLate = breakGlass.reviewBy < to;
  return [reviewRow(event.at, state, { review: isLate ? 'overdue' : 'open', by: '', isLate })];
}

/** Instants of the period: from the first to just before the second. */
export type Ends = { readonly from: string; readonly to: string };

export function reviewRow(
  at: string,
  state: KnownRequest,
  { review, by, isLate }: { review: string; by: string; isLate: boolean },
): Row {
  const { incident, reviewBy } = state.breakGlass ?? { incident: null, reviewBy: '' };
  return row('reviews', [
    ...[at, ...access(state), incident ?? '', state.requestedAt, reviewBy, review, by],
    isLate ? 'yes' : 'no',
  ]);
}

export const access = ({ requestId, requester, subject, entitlement }: KnownRequest): string[] => [
  ...[requestId, requester, subject, entitlement.id, entitlement.role],
];

export const approversOf = ({ approvals }: KnownRequest): string =>
  approvals.map(({ approver }) => approver).join(' ');
