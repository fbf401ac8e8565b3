/** Commands of the sample request, each with a way to change a part of it. */
import type {
  ApproveExtension,
  ApproveRequest,
  Command,
  ConfirmActivated,
  ConfirmRemoved,
  DenyExtension,
  DenyRequest,
  EndGrant,
  EscalateRequest,
  ExpireGrant,
  LapseRequest,
  NoteOverdueReview,
  NudgeApprovers,
  ObeyStop,
  ReportActivationFailed,
  ReportRemovalFailed,
  RequestAccess,
  RequestExtension,
  ReviewBreakGlass,
  StartGrant,
  WithdrawRequest,
} from '../../shared/domain/access-request/command.ts';
import { asked, EXTENSION_HASH, HASH, iso } from './samples.ts';

const requestId = 'AR-7K2M9Q';
const by = (id: string) => ({ kind: 'person' as const, id });
const ENSURE = { kind: 'ensure' as const };
const { entitlement, holdingId, durationSeconds, justification } = asked();

export const request = (part: Partial<RequestAccess> = {}): RequestAccess => ({
  type: 'RequestAccess',
  requestId,
  actor: by('U0ANA'),
  subject: 'U0ANA',
  entitlement,
  holdingId,
  durationSeconds,
  justification: { text: 'INC-123 rollback', commitment: justification },
  start: null,
  breakGlass: null,
  ...part,
});
export const approve = (
  person: string = 'U0BO',
  part: Partial<ApproveRequest> = {},
): ApproveRequest => ({
  type: 'ApproveRequest',
  requestId,
  actor: by(person),
  contentHash: HASH,
  shortenToSeconds: null,
  ...part,
});
export const deny = (person: string = 'U0BO'): DenyRequest => ({
  type: 'DenyRequest',
  requestId,
  actor: by(person),
  reason: null,
});
export const withdraw = (person: string = 'U0ANA'): WithdrawRequest => ({
  type: 'WithdrawRequest',
  requestId,
  actor: by(person),
});
export const end = (actor: EndGrant['actor'] = by('U0ANA')): EndGrant => ({
  type: 'EndGrant',
  requestId,
  actor,
  reason: null,
});
export const endBy = (person: string): EndGrant => end(by(person));
export const askForMore = (bySeconds = 3600, person = 'U0ANA'): RequestExtension => ({
  type: 'RequestExtension',
  requestId,
  actor: by(person),
  bySeconds,
});
export const approveMore = (person = 'U0BO', contentHash = EXTENSION_HASH): ApproveExtension => ({
  type: 'ApproveExtension',
  requestId,
  actor: by(person),
  contentHash,
});
export const denyMore = (person = 'U0BO'): DenyExtension => ({
  type: 'DenyExtension',
  requestId,
  actor: by(person),
  reason: null,
});
export const nudge = (person = 'U0ANA'): NudgeApprovers => ({
  type: 'NudgeApprovers',
  requestId,
  actor: by(person),
});
export const obeyStop = (person = 'U0DEE'): ObeyStop => ({
  type: 'ObeyStop',
  requestId,
  actor: by(person),
});
export const escalate = (): EscalateRequest => ({
  type: 'EscalateRequest',
  requestId,
  actor: { kind: 'sweep' },
});
export const start = (actor: StartGrant['actor'] = { kind: 'sweep' }): StartGrant => ({
  type: 'StartGrant',
  requestId,
  actor,
});
export const review = (
  person = 'U0BO',
  part: Partial<ReviewBreakGlass> = {},
): ReviewBreakGlass => ({
  type: 'ReviewBreakGlass',
  requestId,
  actor: by(person),
  verdict: 'justified',
  reason: `sha256:${HASH}`,
  ...part,
});
const noteOverdue = (): NoteOverdueReview => ({
  type: 'NoteOverdueReview',
  requestId,
  actor: { kind: 'sweep' },
});
export const lapse = (): LapseRequest => ({
  type: 'LapseRequest',
  requestId,
  actor: { kind: 'sweep' },
});
export const expire = (): ExpireGrant => ({
  type: 'ExpireGrant',
  requestId,
  actor: { kind: 'timer' },
});
export const confirmActivated = (): ConfirmActivated => ({
  type: 'ConfirmActivated',
  requestId,
  actor: ENSURE,
  accountId: '4711',
  readBackAt: iso(89),
});
export const activationFailure = (
  evidence: ReportActivationFailed['evidence'] = 'not-issued',
): ReportActivationFailed => ({
  type: 'ReportActivationFailed',
  requestId,
  actor: ENSURE,
  code: 'account-not-found',
  evidence,
});
export const confirmRemoved = (part: Partial<ConfirmRemoved> = {}): ConfirmRemoved => ({
  type: 'ConfirmRemoved',
  requestId,
  actor: ENSURE,
  outcome: 'removed',
  readBackAt: iso(7264),
  ...part,
});
export const removalFailure = (): ReportRemovalFailed => ({
  type: 'ReportRemovalFailed',
  requestId,
  actor: ENSURE,
  code: 'unavailable',
});

/** One of each, as it is acceptable in the state that waits for it. */
export const COMMANDS = {
  RequestAccess: request(),
  ApproveRequest: approve(),
  DenyRequest: deny(),
  WithdrawRequest: withdraw(),
  EndGrant: end(),
  RequestExtension: askForMore(),
  ApproveExtension: approveMore(),
  DenyExtension: denyMore(),
  NudgeApprovers: nudge(),
  ObeyStop: obeyStop(),
  EscalateRequest: escalate(),
  StartGrant: start(),
  ReviewBreakGlass: review(),
  NoteOverdueReview: noteOverdue(),
  LapseRequest: lapse(),
  ExpireGrant: expire(),
  ConfirmActivated: confirmActivated(),
  ReportActivationFailed: activationFailure(),
  ConfirmRemoved: confirmRemoved(),
  ReportRemovalFailed: removalFailure(),
} satisfies { [T in Command['type']]: Extract<Command, { type: T }> };
