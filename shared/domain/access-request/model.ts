/**
 * The vocabulary of an access request: who asks for what, and every fact we may record about it.
 *
 * Events are the audit log: append-only, versioned by `v`; a shape is never edited, a new one is added.
 * They carry ids and commitments, never names, logins, e-mails or free text. States are what we derive
 * from events; a fact exists only where it is true.
 */
import * as z from 'zod';
import { Commitment, Sha256 } from '../audit/chain.ts';
import { reminderAt } from './reminder.ts';

/** UTC instant with milliseconds, as `Date.toISOString` prints it. */
export const Instant = z.iso.datetime({ precision: 3 });
/** `AR-` and six Crockford characters. */
export const RequestId = z
  .string()
  .regex(/^AR-[0-9A-HJKMNP-TV-Z]{6}$/, 'a request id such as AR-7K2M9Q');
export const SlackUserId = z.string().regex(/^[UW][A-Z0-9]{2,30}$/, 'a Slack user id');
export const HoldingId = z.string().min(3).max(300);

/** Who did it. Timers, the sweep and ensure act for the product; an operator acts from the command line. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), id: SlackUserId }),
  z.strictObject({ kind: z.enum(['timer', 'sweep', 'ensure', 'policy', 'operator']) }),
]);
export type Actor = z.infer<typeof Actor>;

/** A one-time code that was verified for exactly this decision; `step` is its 30-second time step. */
export const Factor = z.strictObject({ kind: z.literal('totp'), step: z.int().positive() });
export type Factor = z.infer<typeof Factor>;

export const Entitlement = z.strictObject({
  /** Key in the policy, `provider:resource`. */
  id: z.string().min(3).max(200),
  provider: z.string().min(1).max(40),
  kind: z.string().min(1).max(40),
  resource: z.string().min(1).max(200),
  role: z.string().min(1).max(80),
});
export type Entitlement = z.infer<typeof Entitlement>;

const CodeFrom = z.strictObject({ requester: z.boolean(), approver: z.boolean() });
const Seconds = z.int().positive();
export const RemovalOutcome = z.enum(['removed', 'restored', 'covered', 'never-granted', 'left']);
export type RemovalOutcome = z.infer<typeof RemovalOutcome>;
export const RevokeCause = z.enum(['requester', 'approver', 'admin', 'policy', 'operator']);
export type RevokeCause = z.infer<typeof RevokeCause>;

const about = { v: z.literal(1), requestId: RequestId, at: Instant, actor: Actor };
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...about, ...shape });

export const AccessRequestEvent = z.discriminatedUnion('type', [
  event('AccessRequested', {
    /** Slack user who asked. */
    requester: SlackUserId,
    /** Slack user who will hold the access; usually the requester. */
    subject: SlackUserId,
    entitlement: Entitlement,
    /** Account x container that ensure will drive. */
    holdingId: HoldingId,
    /** Seconds asked for. */
    durationSeconds: Seconds,
    /** Commitment to the requester's own words; the words live in a side item. */
    justification: Commitment,
    /** What every approval is bound to. */
    contentHash: Sha256,
    /** Policy rule that permitted the ask, and the policy's SHA-256. */
    rule: z.string(),
    policyHash: Sha256,
    approvalsNeeded: z.int().min(0),
    /** Who must prove presence with a one-time code. */
    codeFrom: CodeFrom,
    /** Instant after which an unanswered request dies. */
    lapsesAt: Instant,
    /** Slack channel of the rule, null when the rule names none. */
    channel: z.string().nullable(),
    /** The requester's own code where the rule asks for one. */
    factor: Factor.nullable(),
  }),
  event('RequestApproved', {
    contentHash: Sha256,
    policyHash: Sha256,
    /** Seconds this approver allows, at most what was asked. */
    durationSeconds: Seconds,
    factor: Factor.nullable(),
  }),
  event('GrantAuthorized', {
    policyHash: Sha256,
    durationSeconds: Seconds,
    /** End of access: this event's own time + duration, fixed before activation. */
    expiresAt: Instant,
    approvers: z.array(SlackUserId),
  }),
  event('RequestDenied', { reason: Commitment.nullable() }),
  event('RequestWithdrawn', {}),
  event('RequestLapsed', {}),
  event('GrantActivated', {
    /** The provider's immutable account id. */
    accountId: z.string(),
    /** When the provider was read and showed the role. */
    readBackAt: Instant,
  }),
  event('ActivationFailed', {
    code: z.string(),
    /** Nothing was ever issued for this grant, or a read-back showed it gone. */
    evidence: z.enum(['not-issued', 'read-back-gone']),
  }),
  event('GrantExtended', { expiresAt: Instant, policyHash: Sha256, factor: Factor.nullable() }),
  event('GrantExpired', {}),
  event('GrantRevoked', { cause: RevokeCause, reason: Commitment.nullable() }),
  event('GrantRemoved', {
    outcome: RemovalOutcome,
    /** When the provider was read and showed it; null when nothing was ever issued to read back. */
    readBackAt: Instant.nullable(),
  }),
  event('RemovalFailed', { code: z.string(), attempt: z.int().positive() }),
]);
export type AccessRequestEvent = z.infer<typeof AccessRequestEvent>;

const asked = {
  requestId: RequestId,
  /** Number of events so far; a button carries the one it was drawn from. */
  version: z.int().positive(),
  requester: SlackUserId,
  subject: SlackUserId,
  entitlement: Entitlement,
  holdingId: HoldingId,
  durationSeconds: Seconds,
  justification: Commitment,
  contentHash: Sha256,
  rule: z.string(),
  policyHash: Sha256,
  approvalsNeeded: z.int().min(0),
  codeFrom: CodeFrom,
  channel: z.string().nullable(),
  requestedAt: Instant,
  lapsesAt: Instant,
  approvals: z.array(
    z.strictObject({
      approver: SlackUserId,
      at: Instant,
      durationSeconds: Seconds,
      coded: z.boolean(),
    }),
  ),
};
const authorized = { ...asked, authorizedAt: Instant, grantSeconds: Seconds, expiresAt: Instant };
const ending = {
  ...authorized,
  activatedAt: Instant.nullable(),
  endedBecause: z.enum(['expired', 'revoked']),
  revokeCause: RevokeCause.nullable(),
  endedAt: Instant,
  endedBy: Actor,
  removalFailures: z.int().min(0),
  lastFailure: z.string().nullable(),
};
const closed = { ...asked, closedAt: Instant, closedBy: Actor };

export const AccessRequest = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('new') }),
  z.strictObject({ status: z.literal('pending'), ...asked }),
  z.strictObject({ status: z.literal('denied'), ...closed, reason: Commitment.nullable() }),
  z.strictObject({ status: z.literal('withdrawn'), ...closed }),
  z.strictObject({ status: z.literal('lapsed'), ...closed }),
  z.strictObject({ status: z.literal('activating'), ...authorized }),
  z.strictObject({
    status: z.literal('active'),
    ...authorized,
    activatedAt: Instant,
    accountId: z.string(),
  }),
  z.strictObject({ status: z.literal('removing'), ...ending }),
  z.strictObject({
    status: z.literal('ended'),
    ...ending,
    removedAt: Instant,
    outcome: RemovalOutcome,
  }),
  z.strictObject({
    status: z.literal('failed'),
    ...authorized,
    failedAt: Instant,
    failure: z.string(),
  }),
]);
export type AccessRequest = z.infer<typeof AccessRequest>;
export type RequestStatus = AccessRequest['status'];
export type InStatus<S extends RequestStatus> = Extract<AccessRequest, { status: S }>;
const [, ...KNOWN] = AccessRequest.options;
/** A request that exists. */
export const KnownRequest = z.discriminatedUnion('status', KNOWN);
export type KnownRequest = z.infer<typeof KnownRequest>;

/** Next instant at which time itself must act on the request, null when none does. */
export function requestDueAt(state: AccessRequest): string | null {
  if (state.status === 'pending') return state.lapsesAt;
  return state.status === 'active' ? reminderAt(state) : null;
}

/** How the unique pair "subject x entitlement" is named while a request for it waits. */
export const pendingLockOf = (ask: { subject: string; entitlementId: string; role: string }) =>
  `${ask.subject}#${ask.entitlementId}#${ask.role}`;
