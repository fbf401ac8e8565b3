/**
 * Point 7 of docs/audit-format.md, from its tables alone: what events write into the records of requests, holdings and switches. Part of
 * the second verifier: nothing of the product, and one table of small functions instead of its folds.
 */
import { type Head, print, type Row, sha, type Value } from './second-verifier-parts.ts';

type Fields = { [key: string]: Value };
type Step = (record: Fields, event: Fields, number: number) => Fields;

const fields = (value: Value | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
const get = (value: Value | undefined, name: string): Value => fields(value)[name] ?? null;
const pick = (from: Fields, ...names: string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
const drop = (from: Fields, ...names: string[]): Fields =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
const who = (event: Fields): Value => get(event['actor'], 'id');

/** Instead of an earlier one of the same person, at the end. */
const voted = (before: Value | undefined, approval: Fields): Value[] => [
  ...list(before).filter((each) => get(each, 'approver') !== approval['approver']),
  approval,
];
const vote = (event: Fields): Fields => ({
  ...{ approver: who(event), at: get(event, 'at') },
  coded: get(event, 'factor') !== null,
});
const reminded = (record: Fields, event: Fields): Fields => ({
  ...record,
  nudgedAt: [...list(record['nudgedAt']), get(event, 'at')],
});
const closed = (status: string, ...more: string[]): Step => {
  return (record, event) => ({
    ...drop(
      record,
      ...(status === 'withdrawn' ? ['scheduledAt', 'grantSeconds', 'approvers'] : []),
    ),
    ...{ status, closedAt: get(event, 'at'), closedBy: get(event, 'actor') },
    ...pick(event, ...more),
  });
};
const over = (because: string): Step => {
  return (record, event) => ({
    ...drop(record, 'accountId', 'extension', 'deniedExtension'),
    ...{ activatedAt: get(record, 'activatedAt'), status: 'removing', endedBecause: because },
    ...{ revokeCause: get(event, 'cause'), endedAt: get(event, 'at') },
    ...{ endedBy: get(event, 'actor'), removalFailures: 0, lastFailure: null },
  });
};

const REQUEST: Record<string, Step> = {
  AccessRequested: (_, event) => ({
    ...drop(event, 'type', 'v', 'at', 'actor', 'factor'),
    ...pick(event, 'start', 'ticket', 'breakGlass'),
    ...{ status: 'pending', requestedAt: get(event, 'at'), approvals: [], nudgedAt: [] },
    ...{ review: null, reviewOverdueAt: null, escalation: null },
  }),
  RequestApproved: (record, event) => ({
    ...record,
    approvals: voted(record['approvals'], { ...vote(event), ...pick(event, 'durationSeconds') }),
  }),
  GrantScheduled: (record, event) => ({
    ...{ ...record, status: 'scheduled', scheduledAt: get(event, 'at') },
    ...{ grantSeconds: get(event, 'durationSeconds'), approvers: get(event, 'approvers') },
  }),
  GrantStarted: (record) => record,
  GrantNotStarted: closed('not-started', 'why'),
  GrantAuthorized: (record, event) => ({
    ...drop(record, 'scheduledAt', 'approvers'),
    ...{ status: 'activating', authorizedAt: get(event, 'at') },
    ...{ grantSeconds: get(event, 'durationSeconds'), expiresAt: get(event, 'expiresAt') },
  }),
  RequestDenied: closed('denied', 'reason'),
  RequestWithdrawn: closed('withdrawn'),
  RequestLapsed: closed('lapsed'),
  ApproversNudged: (record, event) =>
    record['status'] === 'pending'
      ? reminded(record, event)
      : { ...record, extension: reminded(fields(record['extension']), event) },
  EscalationPlanned: (record, event) => ({
    ...record,
    escalation: { dueAt: get(event, 'dueAt'), at: null, to: [] },
  }),
  RequestEscalated: (record, event) => ({
    ...record,
    escalation: {
      dueAt: get(record['escalation'], 'dueAt') ?? get(event, 'at'),
      ...pick(event, 'at', 'to'),
    },
  }),
  GrantActivated: (record, event) => ({
    ...{ ...record, status: 'active', activatedAt: get(event, 'at') },
    ...{ accountId: get(event, 'accountId'), extension: null, deniedExtension: null },
  }),
  ActivationFailed: (record, event) => ({
    ...{ ...record, status: 'failed', failedAt: get(event, 'at'), failure: get(event, 'code') },
  }),
  GrantExtended: (record, event) => ({ ...record, ...pick(event, 'expiresAt'), extension: null }),
  ExtensionRequested: (record, event) => ({
    ...{ ...record, deniedExtension: null },
    extension: {
      ...pick(event, 'contentHash', 'policyHash', 'bySeconds', 'approvalsNeeded'),
      ...{ askedBy: who(event), askedAt: get(event, 'at'), approvals: [], nudgedAt: [] },
    },
  }),
  ExtensionApproved: (record, event) => ({
    ...record,
    extension: {
      ...fields(record['extension']),
      approvals: voted(fields(record['extension'])['approvals'], vote(event)),
    },
  }),
  ExtensionDenied: (record, event, number) => ({
    ...{ ...record, extension: null },
    deniedExtension: {
      ...{ by: who(event), at: get(event, 'at'), event: number },
      ...{ bySeconds: get(record['extension'], 'bySeconds'), reason: get(event, 'reason') },
    },
  }),
  ExtensionWithdrawn: (record) => ({ ...record, extension: null }),
  GrantExpired: over('expired'),
  GrantRevoked: over('revoked'),
  RemovalFailed: (record, event) => ({
    ...{ ...record, removalFailures: get(event, 'attempt'), lastFailure: get(event, 'code') },
  }),
  GrantRemoved: (record, event) => ({
    ...{ ...record, status: 'ended', removedAt: get(event, 'at') },
    ...pick(event, 'outcome'),
  }),
  BreakGlassReviewed: (record, event) => ({
    ...record,
    review: { by: who(event), ...pick(event, 'at', 'verdict') },
  }),
  ReviewOverdue: (record, event) => ({ ...record, reviewOverdueAt: get(event, 'at') }),
};

const SWITCH: Record<string, Step> = {
  PolicyChanged: (_, event) => ({ ...pick(event, 'hash'), activatedAt: get(event, 'at') }),
  PolicyScheduled: (record, event) => ({
    ...record,
    pending: pick(event, 'hash', 'effectiveAt'),
  }),
  PolicyUnscheduled: (record) => drop(record, 'pending'),
  GrantsPaused: (_, event) => ({ paused: true, by: get(event, 'actor'), ...pick(event, 'at') }),
  GrantsResumed: (_, event) => ({ paused: false, by: get(event, 'actor'), ...pick(event, 'at') }),
  StopProposed: (record, event) => ({
    standing: get(record, 'standing'),
    proposal: { by: who(event), ...pick(event, 'what', 'at', 'until') },
  }),
  EverythingStopped: (_, event) => ({
    proposal: null,
    standing: {
      ...{ since: get(event, 'at'), confirmedBy: who(event) },
      ...pick(event, 'proposedBy'),
    },
  }),
  StopLifted: () => ({ standing: null, proposal: null }),
};

/** What its own events write into a holding; `roles`: those that confirmed calls left. */
const HOLDING: Record<string, Step> = {
  AccountPinned: (record, event) => ({ ...record, ...pick(event, 'accountId') }),
  BaselineCaptured: (record, event) => ({ ...record, baseline: get(event, 'membership') }),
  HoldingCleared: (record) => ({ ...record, baseline: null, ours: null, roles: [] }),
  IntentIssued: (record, event) => ({
    ...{ ...record, last: get(event, 'intentId') },
    intents: [...list(record['intents']), pick(event, 'intentId', 'kind', 'role')],
  }),
  IntentClosed: (record, event) => {
    const [is, isOther] = [true, false].map((wanted) =>
      list(record['intents']).filter(
        (each) => (get(each, 'intentId') === get(event, 'intentId')) === wanted,
      ),
    );
    const call = fields(is?.[0]);
    const next = { ...record, intents: isOther ?? [] };
    if (get(event, 'result') !== 'confirmed' || !is?.[0]) return next;
    const [kind, role] = [call['kind'], call['role'] ?? null];
    const left = kind === 'remove' && role === get(record['baseline'], 'role') ? null : role;
    const isLast = kind === 'remove' && get(record, 'last') === call['intentId'];
    return {
      ...{ ...next, ours: isLast ? left : (left ?? get(record, 'ours')) },
      roles: [...list(record['roles']), ...(left === null ? [] : [left])],
    };
  },
};
const EMPTY: Fields = { accountId: null, baseline: null, ours: null, intents: [], roles: [] };

const LIVE = ['activating', 'active', 'removing'];
const HOUR_MS = 3_600_000;

/** Sentences about what no events lead to. */
export function recordsAgainst(rows: Row[], heads: Head[]): string[] {
  const folded = new Map<string, Fields>();
  const authorized = new Map<string, Fields>();
  for (const { chain, seq, event } of rows) {
    const kind = chain.slice(0, chain.indexOf('#'));
    const steps = { request: REQUEST, holding: HOLDING }[kind] ?? SWITCH;
    const before = folded.get(chain) ?? (kind === 'holding' ? EMPTY : {});
    const next = steps[String(event['type'])]?.(before, event, seq) ?? before;
    folded.set(chain, kind === 'request' ? { ...next, version: seq } : next);
    if (event['type'] === 'GrantAuthorized') authorized.set(chain, event);
  }
  const wrong: string[] = [];
  const listed = new Map<string, { chain: string; holding: Fields; grant: Fields }>();
  for (const { chain, value } of heads) {
    const record = fields(value);
    const told = folded.get(chain);
    const isRequest = chain.startsWith('request#');
    if (isRequest || /^(policy|pause|stop)#/.test(chain)) {
      const said = isRequest ? (value ?? null) : drop(record, 'clearedAt');
      const isObject = print(record) === print(value ?? null);
      if (!isObject || print(told ?? {}) !== print(said)) wrong.push(`record of ${chain}`);
    }
    if (!chain.startsWith('holding#')) continue;
    if (!isHolding(chain, record, told ?? EMPTY)) wrong.push(`record of ${chain}`);
    for (const each of list(record['grants'])) {
      const id = String(get(each, 'grantId'));
      if (listed.has(id)) wrong.push(`record of ${chain}: ${id} twice`);
      listed.set(id, { chain, holding: record, grant: fields(each) });
    }
  }
  for (const [chain, state] of folded) {
    if (!chain.startsWith('request#')) continue;
    const id = chain.slice('request#'.length);
    const found = listed.get(id);
    listed.delete(id);
    const isLive = LIVE.includes(String(state['status']));
    if (isLive !== (found !== undefined)) wrong.push(`grant ${id}`);
    else if (found && !isGrant(found, state, authorized.get(chain) ?? {}))
      wrong.push(`grant ${id} in ${found.chain}`);
  }
  return [...wrong, ...[...listed.keys()].map((id) => `grant ${id}: of no request`)];
}

function isHolding(chain: string, record: Fields, told: Fields): boolean {
  const container = pick(fields(record['container']), 'provider', 'kind', 'resource');
  const own = `${container['provider']}:${container['kind']}:${container['resource']}`;
  const login = String(record['login']).toLowerCase();
  const digits = sha(print({ ...container, login }))
    .toString('hex')
    .slice(0, 16);
  const grants = list(record['grants']);
  const isErased = record['login'] === 'erased';
  const id = chain.slice('holding#'.length);
  const isHome = isErased
    ? id.startsWith(`${own}:`) && grants.length === 0
    : id === `${own}:${digits}`;
  const open = list(record['intents']).map((each) =>
    pick(fields(each), 'intentId', 'kind', 'role'),
  );
  const isOneRole = new Set(list(told['roles'])).size < 2;
  const due = record['dueAt'] ?? null;
  const isDue = grants.every(
    (each) =>
      due !== null &&
      (get(each, 'phase') === 'removing' ||
        Date.parse(String(due)) <= Date.parse(String(get(each, 'expiresAt'))) + HOUR_MS),
  );
  return (
    isHome &&
    isDue &&
    record['holdingId'] === id &&
    print(pick(record, 'accountId', 'baseline')) === print(pick(told, 'accountId', 'baseline')) &&
    print(open) === print(told['intents'] ?? []) &&
    (!isOneRole || print(record['ours'] ?? null) === print(told['ours'] ?? null))
  );
}

function isGrant(
  { chain, holding, grant }: { chain: string; holding: Fields; grant: Fields },
  state: Fields,
  authorized: Fields,
): boolean {
  const entitlement = fields(state['entitlement']);
  const told = {
    ...{ grantId: get(state, 'requestId'), phase: get(state, 'status') },
    ...{ role: get(entitlement, 'role'), entitlementId: get(entitlement, 'id') },
    ...pick(state, 'requester', 'authorizedAt', 'expiresAt'),
    ...pick(authorized, 'policyHash', 'approvers'),
    endedAt: state['status'] === 'removing' ? get(state, 'endedAt') : null,
    breakGlass: get(state, 'breakGlass') !== null,
  };
  const said = {
    ...pick(grant, 'grantId', 'phase', 'role', 'entitlementId', 'requester', 'authorizedAt'),
    ...pick(grant, 'expiresAt', 'policyHash', 'approvers', 'endedAt'),
    breakGlass: get(grant, 'breakGlass') === true,
  };
  const where = (from: Value | undefined) =>
    print(pick(fields(from), 'provider', 'kind', 'resource'));
  const isAlone = list(holding['grants']).length === 1;
  return (
    chain === `holding#${get(state, 'holdingId')}` &&
    print(told) === print(said) &&
    where(entitlement) === where(holding['container']) &&
    (!isAlone || get(holding, 'subject') === get(state, 'subject'))
  );
}
