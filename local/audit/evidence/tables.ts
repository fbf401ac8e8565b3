/** The tables of the evidence: their columns, and a row of one. */

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
  'access-at-end': [
    ...['activated_at', ...ACCESS, 'rule', 'policy', 'expires_at', 'approvers'],
    'status_at_period_end',
  ],
  people: ['person', 'name', 'roles', 'accounts'],
  rights: [
    ...['entitlement', 'provider', 'kind', 'resource', 'entitlement_roles', 'person', 'name'],
    ...['right', 'rule'],
  ],
  approvals: ['at', ...ACCESS, 'decision', 'approver', 'code', 'time_step', 'same_content'],
  reviews: [
    ...['at', ...ACCESS, 'incident', 'taken_at', 'review_by', 'review', 'reviewer', 'late'],
  ],
  refusals: ['at', 'person', 'tried', 'request', 'refused_because'],
  'policy-changes': ['at', 'actor', 'event', 'policy', 'previous_policy', 'effective_at'],
  authenticators: ['at', 'owner', 'actor', 'event', 'details'],
  drift: ['at', 'container', 'event', 'details'],
  administration: ['at', 'actor', 'event', 'details'],
  exceptions: ['at', 'exception', 'request', 'people', 'details'],
} as const;
export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = [
  ...['access-granted', 'access-ended', 'access-at-end', 'people', 'rights', 'approvals'],
  ...['reviews', 'refusals'],
  ...['policy-changes', 'authenticators', 'drift', 'administration', 'exceptions'],
] as const satisfies readonly string[];

export type Row = { readonly table: TableName; readonly cells: readonly string[] };

export const row = (table: TableName, cells: readonly string[]): Row => ({ table, cells });
