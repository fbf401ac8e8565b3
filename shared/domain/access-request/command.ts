/** What people, time and effects may ask of an access request, and every way it can be refused. */
import type { PolicyRefusal } from '../policy/evaluate.ts';
import type {
  AccessRequest,
  Actor,
  Entitlement,
  Factor,
  RemovalOutcome,
  RequestStatus,
  ReviewVerdict,
  Start,
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
    /** Later than its approval; null: at once. */
    start: Start | null;
    /** In an emergency, without an approval; null: the usual way. */
    breakGlass: { incident: string | null } | null;
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
/** By the sweep: who asked, or was to have it, left the workspace. */
export type WithdrawRequest = Of<'WithdrawRequest', { actor: Person | { kind: 'sweep' } }>;
export type EndGrant = Of<
  'EndGrant',
  {
    actor: Person | { kind: 'policy' | 'operator' | 'sweep' };
    reason: string | null;
    /** Of the sweep: its holder left. Without it, its ticket was closed. */
    because?: 'left';
  }
>;
export type RequestExtension = Of<'RequestExtension', { actor: Person; bySeconds: number }>;
export type ApproveExtension = Of<
  'ApproveExtension',
  {
    actor: Person;
    /** Hash of the extension the approver saw. */
    contentHash: string;
  }
>;
export type DenyExtension = Of<'DenyExtension', { actor: Person; reason: string | null }>;
export type NudgeApprovers = Of<'NudgeApprovers', { actor: Person }>;
/** The red button reached this request: it is withdrawn, or its access ends. The actor is who confirmed the stop. */
export type ObeyStop = Of<'ObeyStop', { actor: Person }>;
export type EscalateRequest = Of<'EscalateRequest', { actor: { kind: 'sweep' } }>;
/** Approved ahead: time starts it, or its holder does within its window. */
export type StartGrant = Of<'StartGrant', { actor: Person | { kind: 'sweep' } }>;
export type ReviewBreakGlass = Of<
  'ReviewBreakGlass',
  { actor: Person; verdict: ReviewVerdict; reason: string }
>;
export type NoteOverdueReview = Of<'NoteOverdueReview', { actor: { kind: 'sweep' } }>;
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
  | RequestExtension
  | ApproveExtension
  | DenyExtension
  | NudgeApprovers
  | ObeyStop
  | EscalateRequest
  | StartGrant
  | ReviewBreakGlass
  | NoteOverdueReview
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
  /** `full`: it lasts as long as it may already, so that no ask for less helps. */
  | { code: 'extension-too-long'; maxTotalSeconds: number; full?: true }
  /** The grant reached its end before the extension was decided. */
  | { code: 'extension-too-late'; endedAt: string }
  | { code: 'extension-pending' }
  | { code: 'no-extension' }
  | { code: 'not-your-grant' }
  | { code: 'nudged-just-now'; nextAt: string }
  | { code: 'nudged-enough'; most: number }
  | Halted
  /** A break-glass of the requester is overdue to be reviewed. */
  | { code: 'review-owed'; of: string; reviewBy: string }
  | { code: 'break-glass-quota'; max: number; againAt: string }
  | { code: 'nothing-to-review' }
  | { code: 'already-reviewed'; by: string; at: string }
  | { code: 'not-a-reviewer'; why: 'requester' | 'subject' | 'same-identity' | 'no-right' }
  | { code: 'window-closed'; until: string }
  | { code: 'approvals-no-longer-count'; needed: number; have: number };

/** Nothing new is given for now. Taking away goes on. */
export type Halted =
  | { code: 'everything-stopped'; since: string }
  | { code: 'grants-paused'; scope: string; since: string };

/** Where the request stands and who brought it there, for a click that came too late. */
export function wrongStatus(state: AccessRequest): Refusal {
  switch (state.status) {
    case 'new':
      return { code: 'unknown-request' };
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
    case 'not-started':
      return { code: 'wrong-status', status: state.status, by: state.closedBy, at: state.closedAt };
    case 'removing':
    case 'ended':
      return { code: 'wrong-status', status: state.status, by: state.endedBy, at: state.endedAt };
    case 'scheduled':
    case 'activating':
    case 'active':
    case 'failed': {
      const last = state.approvals.at(-1);
      const by = last ? ({ kind: 'person', id: last.approver } as const) : null;
      return { code: 'wrong-status', status: state.status, by, at: last?.at ?? null };
    }
    case 'pending':
      return { code: 'wrong-status', status: state.status, by: null, at: null };
  }
}
