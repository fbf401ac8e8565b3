/**
 * Folds events into the state of a request. Total over legal histories; an impossible history is a defect
 * (or a tampered table) and throws, because a guess about who holds access would be worse.
 */
import { unreachable } from '../result.ts';
import type { AccessRequestEvent } from './events.ts';
import type { AccessRequest, InStatus, KnownRequest } from './model.ts';
import { upcastAsked } from './upcast.ts';
import { whileWaiting, withExtension } from './waiting-and-extending.ts';

export const INITIAL: AccessRequest = { status: 'new' };

type EventOf<T extends AccessRequestEvent['type']> = Extract<AccessRequestEvent, { type: T }>;

export function evolve(state: AccessRequest, event: AccessRequestEvent): AccessRequest {
  switch (event.type) {
    case 'AccessRequested':
      return state.status === 'new' ? requested(event) : impossible(state, event);
    case 'EscalationPlanned':
    case 'RequestEscalated':
      return whileWaiting(next(state, event, FROM[event.type]), event);
    case 'ApproversNudged': {
      const known = next(state, event, FROM[event.type]);
      if (known.status === 'pending') return whileWaiting(known, event);
      return withExtension(known, event) ?? impossible(state, event);
    }
    case 'ExtensionRequested':
    case 'ExtensionApproved':
    case 'ExtensionDenied':
    case 'ExtensionWithdrawn':
      return withExtension(next(state, event, FROM[event.type]), event) ?? impossible(state, event);
    case 'RequestApproved':
    case 'GrantScheduled':
    case 'RequestDenied':
    case 'RequestLapsed':
      return fromPending(next(state, event, FROM[event.type]), event);
    case 'GrantAuthorized':
      return authorized(next(state, event, FROM[event.type]), event);
    case 'RequestWithdrawn':
      return {
        ...asAsked(next(state, event, FROM[event.type])),
        ...{ status: 'withdrawn', closedAt: event.at, closedBy: event.actor },
      };
    case 'GrantStarted':
    case 'GrantNotStarted':
      return fromScheduled(next(state, event, FROM[event.type]), event);
    case 'BreakGlassReviewed':
    case 'ReviewOverdue':
      return underReview(next(state, event, FROM[event.type]), event);
    case 'GrantActivated':
    case 'ActivationFailed':
      return fromActivating(next(state, event, FROM[event.type]), event);
    case 'GrantExtended': {
      const { expiresAt } = event;
      return { ...next(state, event, FROM[event.type]), expiresAt, extension: null };
    }
    case 'GrantExpired':
    case 'GrantRevoked':
      return ending(next(state, event, FROM[event.type]), event);
    case 'GrantRemoved':
    case 'RemovalFailed':
      return fromRemoving(next(state, event, FROM[event.type]), event);
    default:
      return unreachable(event);
  }
}

export const replay = (events: readonly AccessRequestEvent[]): AccessRequest =>
  events.reduce(evolve, INITIAL);

/** The states that each event may follow. */
const FROM = {
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
} as const satisfies Record<
  Exclude<AccessRequestEvent['type'], 'AccessRequested'>,
  readonly KnownRequest['status'][]
>;

type Known<S extends KnownRequest['status']> = Extract<KnownRequest, { status: S }>;

/** The state that the event follows, one event on. */
function next<S extends KnownRequest['status']>(
  state: AccessRequest,
  event: AccessRequestEvent,
  from: readonly S[],
): Known<S> {
  if (!isIn(state, from)) return impossible(state, event);
  return { ...state, version: state.version + 1 };
}

const isIn = <S extends KnownRequest['status']>(
  state: AccessRequest,
  from: readonly S[],
): state is Known<S> => from.some((status) => status === state.status);

function requested(event: EventOf<'AccessRequested'>): AccessRequest {
  const { type: _type, v: _v, actor: _actor, at, factor: _factor, ...asked } = upcastAsked(event);
  const owed = { review: null, reviewOverdueAt: null, nudgedAt: [], escalation: null };
  return { status: 'pending', ...asked, ...owed, version: 1, requestedAt: at, approvals: [] };
}

function fromPending(
  state: InStatus<'pending'>,
  event: EventOf<'RequestApproved' | 'GrantScheduled' | 'RequestDenied' | 'RequestLapsed'>,
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
    case 'RequestLapsed':
      return { ...closed, status: 'lapsed' };
  }
}

const fromScheduled = (
  state: InStatus<'scheduled'>,
  event: EventOf<'GrantStarted' | 'GrantNotStarted'>,
): AccessRequest =>
  event.type === 'GrantStarted'
    ? state
    : {
        ...state,
        status: 'not-started',
        why: event.why,
        closedAt: event.at,
        closedBy: event.actor,
      };

const authorized = (
  state: InStatus<'pending' | 'scheduled'>,
  { at, durationSeconds, expiresAt }: EventOf<'GrantAuthorized'>,
): AccessRequest => ({
  ...asAsked(state),
  ...{ status: 'activating', authorizedAt: at, grantSeconds: durationSeconds, expiresAt },
});

/** Without what was approved ahead. */
function asAsked(state: InStatus<'pending' | 'scheduled'>) {
  if (state.status === 'pending') return state;
  const { scheduledAt: _at, grantSeconds: _seconds, approvers: _approvers, ...asked } = state;
  return asked;
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

function fromActivating(
  state: InStatus<'activating'>,
  event: EventOf<'GrantActivated' | 'ActivationFailed'>,
): AccessRequest {
  if (event.type === 'ActivationFailed')
    return { ...state, status: 'failed', failedAt: event.at, failure: event.code };
  return {
    ...state,
    status: 'active',
    activatedAt: event.at,
    accountId: event.accountId,
    extension: null,
    deniedExtension: null,
  };
}

function ending(
  state: InStatus<'activating'> | InStatus<'active'>,
  event: EventOf<'GrantExpired' | 'GrantRevoked'>,
): AccessRequest {
  return {
    ...(state.status === 'active' ? asGranted(state) : { ...state, activatedAt: null }),
    status: 'removing',
    ...(event.type === 'GrantExpired'
      ? { endedBecause: 'expired', revokeCause: null }
      : { endedBecause: 'revoked', revokeCause: event.cause }),
    endedAt: event.at,
    endedBy: event.actor,
    removalFailures: 0,
    lastFailure: null,
  };
}

/** Without what dies with its end: more time that was asked for, or was denied. */
function asGranted(state: InStatus<'active'>) {
  const {
    accountId: _account,
    extension: _extension,
    deniedExtension: _denied,
    ...granted
  } = state;
  return granted;
}

function fromRemoving(
  state: InStatus<'removing'>,
  event: EventOf<'GrantRemoved' | 'RemovalFailed'>,
): AccessRequest {
  return event.type === 'RemovalFailed'
    ? { ...state, removalFailures: event.attempt, lastFailure: event.code }
    : { ...state, status: 'ended', removedAt: event.at, outcome: event.outcome };
}

function impossible(state: AccessRequest, event: AccessRequestEvent): never {
  throw new Error(
    `Impossible history of ${event.requestId}: ${event.type} in state ${state.status}. Run the audit verification on this request.`,
  );
}
