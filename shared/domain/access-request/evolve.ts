/**
 * Folds events into the state of a request. Total over legal histories; an impossible history is a defect
 * (or a tampered table) and throws, because a guess about who holds access would be worse.
 */
import { unreachable } from '../result.ts';
import type { AccessRequestEvent } from './events.ts';
import type { AccessRequest, InStatus, KnownRequest, RequestStatus } from './model.ts';
import { upcastAsked } from './upcast.ts';
import { whileWaiting, withExtension } from './waiting-and-extending.ts';

export const INITIAL: AccessRequest = { status: 'new' };

type EventOf<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

export function evolve(state: AccessRequest, event: AccessRequestEvent): AccessRequest {
  if (event.type === 'AccessRequested') return requested(expect(state, event, 'new'), event);
  const known = expect(state, event, ...FROM[event.type]);
  if (known.status === 'new') return impossible(state, event);
  const version = known.version + 1;
  switch (event.type) {
    case 'EscalationPlanned':
    case 'RequestEscalated':
      return known.status === 'pending'
        ? whileWaiting({ ...known, version }, event)
        : impossible(state, event);
    case 'ApproversNudged': {
      if (known.status === 'pending') return whileWaiting({ ...known, version }, event);
      const next = known.status === 'active' ? withExtension({ ...known, version }, event) : null;
      return next ?? impossible(state, event);
    }
    case 'ExtensionRequested':
    case 'ExtensionApproved':
    case 'ExtensionDenied':
    case 'ExtensionWithdrawn': {
      const next = known.status === 'active' ? withExtension({ ...known, version }, event) : null;
      return next ?? impossible(state, event);
    }
    case 'RequestApproved':
    case 'GrantScheduled':
    case 'RequestDenied':
    case 'RequestLapsed':
      return known.status === 'pending'
        ? fromPending({ ...known, version }, event)
        : impossible(state, event);
    case 'GrantAuthorized':
    case 'RequestWithdrawn':
      if (known.status === 'scheduled') return fromScheduled({ ...known, version }, event);
      return known.status === 'pending'
        ? fromPending({ ...known, version }, event)
        : impossible(state, event);
    case 'GrantStarted':
    case 'GrantNotStarted':
      return known.status === 'scheduled'
        ? fromScheduled({ ...known, version }, event)
        : impossible(state, event);
    case 'BreakGlassReviewed':
    case 'ReviewOverdue':
      return underReview({ ...known, version }, event);
    case 'GrantActivated':
    case 'ActivationFailed':
    case 'GrantExtended':
    case 'GrantExpired':
    case 'GrantRevoked':
      return known.status === 'activating' || known.status === 'active'
        ? fromLive({ ...known, version }, event)
        : impossible(state, event);
    case 'GrantRemoved':
    case 'RemovalFailed':
      return known.status === 'removing'
        ? fromRemoving({ ...known, version }, event)
        : impossible(state, event);
    default:
      return unreachable(event);
  }
}

export const replay = (events: readonly AccessRequestEvent[]): AccessRequest =>
  events.reduce(evolve, INITIAL);

const FROM: Record<Exclude<AccessRequestEvent['type'], 'AccessRequested'>, RequestStatus[]> = {
  RequestApproved: ['pending'],
  GrantAuthorized: ['pending', 'scheduled'],
  GrantScheduled: ['pending'],
  GrantStarted: ['scheduled'],
  GrantNotStarted: ['scheduled'],
  RequestDenied: ['pending'],
  RequestWithdrawn: ['pending', 'scheduled'],
  RequestLapsed: ['pending'],
  GrantActivated: ['activating'],
  ActivationFailed: ['activating'],
  GrantExtended: ['active'],
  ApproversNudged: ['pending', 'active'],
  EscalationPlanned: ['pending'],
  RequestEscalated: ['pending'],
  ExtensionRequested: ['active'],
  ExtensionApproved: ['active'],
  ExtensionDenied: ['active'],
  ExtensionWithdrawn: ['active'],
  GrantExpired: ['activating', 'active'],
  GrantRevoked: ['activating', 'active'],
  GrantRemoved: ['removing'],
  RemovalFailed: ['removing'],
  BreakGlassReviewed: ['activating', 'active', 'removing', 'ended', 'failed'],
  ReviewOverdue: ['activating', 'active', 'removing', 'ended', 'failed'],
};

function requested(_: AccessRequest, event: EventOf<'AccessRequested'>): AccessRequest {
  const { type: _type, v: _v, actor: _actor, at, factor: _factor, ...asked } = upcastAsked(event);
  const owed = { review: null, reviewOverdueAt: null, nudgedAt: [], escalation: null };
  return { status: 'pending', ...asked, ...owed, version: 1, requestedAt: at, approvals: [] };
}

function fromPending(
  state: InStatus<'pending'>,
  event: EventOf<
    | 'RequestApproved'
    | 'GrantAuthorized'
    | 'GrantScheduled'
    | 'RequestDenied'
    | 'RequestWithdrawn'
    | 'RequestLapsed'
  >,
): AccessRequest {
  const closed = { ...state, closedAt: event.at, closedBy: event.actor };
  switch (event.type) {
    case 'RequestApproved': {
      if (event.actor.kind !== 'person') return impossible(state, event);
      const { at, durationSeconds, factor } = event;
      const approver = event.actor.id;
      const approval = { approver, at, durationSeconds, coded: factor !== null };
      const others = state.approvals.filter((earlier) => earlier.approver !== approver);
      return { ...state, approvals: [...others, approval] };
    }
    case 'GrantAuthorized':
      return {
        ...state,
        status: 'activating',
        authorizedAt: event.at,
        grantSeconds: event.durationSeconds,
        expiresAt: event.expiresAt,
      };
    case 'GrantScheduled':
      return {
        ...state,
        status: 'scheduled',
        scheduledAt: event.at,
        grantSeconds: event.durationSeconds,
        approvers: event.approvers,
      };
    case 'RequestDenied':
      return { ...closed, status: 'denied', reason: event.reason };
    case 'RequestWithdrawn':
      return { ...closed, status: 'withdrawn' };
    case 'RequestLapsed':
      return { ...closed, status: 'lapsed' };
    default:
      return unreachable(event);
  }
}

function fromScheduled(
  state: InStatus<'scheduled'>,
  event: EventOf<'GrantAuthorized' | 'GrantStarted' | 'GrantNotStarted' | 'RequestWithdrawn'>,
): AccessRequest {
  const { scheduledAt: _at, grantSeconds: _seconds, approvers: _approvers, ...asked } = state;
  const closed = { closedAt: event.at, closedBy: event.actor };
  switch (event.type) {
    case 'GrantStarted':
      return state;
    case 'GrantAuthorized':
      return {
        ...asked,
        status: 'activating',
        authorizedAt: event.at,
        grantSeconds: event.durationSeconds,
        expiresAt: event.expiresAt,
      };
    case 'GrantNotStarted':
      return { ...state, status: 'not-started', ...closed, why: event.why };
    case 'RequestWithdrawn':
      return { ...asked, status: 'withdrawn', ...closed };
    default:
      return unreachable(event);
  }
}

/** A review says something about the access; it changes nothing of it. */
function underReview(
  state: KnownRequest,
  event: EventOf<'BreakGlassReviewed' | 'ReviewOverdue'>,
): AccessRequest {
  if (!state.breakGlass || state.review) return impossible(state, event);
  if (event.type === 'ReviewOverdue') return { ...state, reviewOverdueAt: event.at };
  if (event.actor.kind !== 'person') return impossible(state, event);
  const { at, verdict, actor } = event;
  return { ...state, review: { by: actor.id, at, verdict } };
}

function fromLive(
  state: InStatus<'activating'> | InStatus<'active'>,
  event: EventOf<
    'GrantActivated' | 'ActivationFailed' | 'GrantExtended' | 'GrantExpired' | 'GrantRevoked'
  >,
): AccessRequest {
  switch (event.type) {
    case 'GrantActivated':
      return {
        ...state,
        status: 'active',
        activatedAt: event.at,
        accountId: event.accountId,
        extension: null,
        deniedExtension: null,
      };
    case 'ActivationFailed':
      return state.status === 'activating'
        ? { ...state, status: 'failed', failedAt: event.at, failure: event.code }
        : impossible(state, event);
    case 'GrantExtended':
      return state.status === 'active'
        ? { ...state, expiresAt: event.expiresAt, extension: null }
        : impossible(state, event);
    case 'GrantExpired':
      return removing(state, event, { endedBecause: 'expired', revokeCause: null });
    case 'GrantRevoked':
      return removing(state, event, { endedBecause: 'revoked', revokeCause: event.cause });
    default:
      return unreachable(event);
  }
}

function removing(
  state: InStatus<'activating'> | InStatus<'active'>,
  event: AccessRequestEvent,
  why: Pick<InStatus<'removing'>, 'endedBecause' | 'revokeCause'>,
): AccessRequest {
  const activatedAt = state.status === 'active' ? state.activatedAt : null;
  const { status: _, ...rest } = state;
  const {
    accountId: _account,
    extension: _extension,
    deniedExtension: _denied,
    ...kept
  } = 'accountId' in rest
    ? rest
    : { ...rest, accountId: '', extension: null, deniedExtension: null };
  return {
    ...kept,
    status: 'removing',
    activatedAt,
    ...why,
    endedAt: event.at,
    endedBy: event.actor,
    removalFailures: 0,
    lastFailure: null,
  };
}

function fromRemoving(
  state: InStatus<'removing'>,
  event: EventOf<'GrantRemoved' | 'RemovalFailed'>,
): AccessRequest {
  return event.type === 'RemovalFailed'
    ? { ...state, removalFailures: event.attempt, lastFailure: event.code }
    : { ...state, status: 'ended', removedAt: event.at, outcome: event.outcome };
}

function expect(
  state: AccessRequest,
  event: AccessRequestEvent,
  ...allowed: RequestStatus[]
): AccessRequest {
  return allowed.includes(state.status) ? state : impossible(state, event);
}

function impossible(state: AccessRequest, event: AccessRequestEvent): never {
  throw new Error(
    `Impossible history of ${event.requestId}: ${event.type} in state ${state.status}. Run the audit verification on this request.`,
  );
}
