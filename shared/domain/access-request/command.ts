/** What people, time and effects may ask of an access request, and every way it can be refused. */
import type { PolicyRefusal } from '../policy/evaluate.ts';
import type {
  AccessRequest,
  Actor,
  Entitlement,
  Factor,
  RemovalOutcome,
  RequestStatus,
} from './model.ts';

type Person = Extract<Actor, { kind: 'person' }>;
type Of<T extends string, S> = { type: T; requestId: string } & S;

export type RequestAccess = Of<
  'RequestAccess',
  {
    actor: Person;
    subject: string;
    entitlement: Entitlement;
    holdingId: string;
    durationSeconds: number;
    /** The requester's words: judged now, recorded only as a commitment. */
    justification: { text: string; commitment: string };
  }
>;
export type ApproveRequest = Of<
  'ApproveRequest',
  {
    actor: Person;
    /** Hash of the content the approver saw. */
    contentHash: string;
    /** Seconds, to approve for less; null approves what was asked. */
    shortenToSeconds: number | null;
  }
>;
export type DenyRequest = Of<'DenyRequest', { actor: Person; reason: string | null }>;
export type WithdrawRequest = Of<'WithdrawRequest', { actor: Person }>;
export type EndGrant = Of<
  'EndGrant',
  { actor: Person | { kind: 'policy' | 'operator' }; reason: string | null }
>;
export type ExtendGrant = Of<'ExtendGrant', { actor: Person; bySeconds: number }>;
export type LapseRequest = Of<'LapseRequest', { actor: { kind: 'sweep' } }>;
export type ExpireGrant = Of<'ExpireGrant', { actor: { kind: 'timer' | 'sweep' | 'ensure' } }>;
type Ensure = { actor: { kind: 'ensure' } };
export type ConfirmActivated = Of<
  'ConfirmActivated',
  Ensure & { accountId: string; readBackAt: string }
>;
export type ReportActivationFailed = Of<
  'ReportActivationFailed',
  Ensure & { code: string; evidence: 'not-issued' | 'read-back-gone' }
>;
export type ConfirmRemoved = Of<
  'ConfirmRemoved',
  Ensure & { outcome: RemovalOutcome; readBackAt: string | null }
>;
export type ReportRemovalFailed = Of<'ReportRemovalFailed', Ensure & { code: string }>;

export type Command =
  | RequestAccess
  | ApproveRequest
  | DenyRequest
  | WithdrawRequest
  | EndGrant
  | ExtendGrant
  | LapseRequest
  | ExpireGrant
  | ConfirmActivated
  | ReportActivationFailed
  | ConfirmRemoved
  | ReportRemovalFailed;

/** A one-time code that was checked against the actor's authenticator for this very decision. */
export type CodeEvidence = { factor: Factor; contentHash: string };

export type Refusal =
  | PolicyRefusal
  | { code: 'unknown-request' }
  | { code: 'wrong-status'; status: RequestStatus; by: Actor | null; at: string | null }
  | { code: 'content-changed' }
  | { code: 'code-required'; from: 'requester' | 'approver' }
  | { code: 'already-pending'; requestId: string }
  | { code: 'request-lapsed'; lapsedAt: string }
  | { code: 'not-due'; dueAt: string }
  | { code: 'not-your-request' }
  | { code: 'not-allowed-to-end' }
  | { code: 'duration-not-shorter'; askedSeconds: number }
  | { code: 'extension-too-long'; maxTotalSeconds: number };

/** Where the request stands and who brought it there, for a click that came too late. */
export function wrongStatus(state: AccessRequest): Refusal {
  switch (state.status) {
    case 'new':
      return { code: 'unknown-request' };
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return { code: 'wrong-status', status: state.status, by: state.closedBy, at: state.closedAt };
    case 'removing':
    case 'ended':
      return { code: 'wrong-status', status: state.status, by: state.endedBy, at: state.endedAt };
    case 'activating':
    case 'active':
    case 'failed': {
      const last = state.approvals.at(-1);
      const by = last ? ({ kind: 'person', id: last.approver } as const) : null;
      return { code: 'wrong-status', status: state.status, by, at: last?.at ?? null };
    }
    case 'pending':
      return { code: 'wrong-status', status: state.status, by: null, at: null };
    default:
      return state satisfies never;
  }
}
