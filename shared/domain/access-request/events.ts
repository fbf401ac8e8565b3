/**
 * Every fact we may record about an access request: the audit log.
 *
 * Append-only, versioned by `v`; a shape is never edited, a new one is added beside it, and upcast.ts lifts the old one for whoever
 * folds. Events carry ids and commitments, never names, logins, e-mails or free text.
 */
import * as z from 'zod';
import { Commitment, Sha256 } from '../audit/chain.ts';
import {
  Actor,
  BreakGlass,
  CodeFrom,
  Entitlement,
  Factor,
  HoldingId,
  Instant,
  RemovalOutcome,
  RequestId,
  ReviewVerdict,
  RevokeCause,
  Seconds,
  SlackUserId,
  Start,
  TicketKey,
} from './model.ts';

const about = { requestId: RequestId, at: Instant, actor: Actor };
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), v: z.literal(1), ...about, ...shape });

/** An event whose shape grew: what every version has, and what the second one added. */
const grown = <T extends string, S extends z.ZodRawShape, A extends z.ZodRawShape>(
  type: T,
  first: S,
  added: A,
) =>
  z.discriminatedUnion('v', [
    event(type, first),
    z.strictObject({ type: z.literal(type), v: z.literal(2), ...about, ...first, ...added }),
  ]);

export const AccessRequestEvent = z.discriminatedUnion('type', [
  grown(
    'AccessRequested',
    {
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
    },
    {
      /** Later than its approval; null: at once. */
      start: Start.nullable(),
      /** Ticket the ask was made for, where its rule demands one. */
      ticket: TicketKey.nullable(),
      /** Null: the usual way. */
      breakGlass: BreakGlass.nullable(),
    },
  ),
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
  event('GrantScheduled', {
    policyHash: Sha256,
    durationSeconds: Seconds,
    /** As asked: nobody gets anything before. */
    start: Start,
    approvers: z.array(SlackUserId),
  }),
  /** Stands before the GrantAuthorized of the same commit: time, or the holder, started what was approved ahead. */
  event('GrantStarted', { policyHash: Sha256, factor: Factor.nullable() }),
  event('GrantNotStarted', {
    /** Stable code of why. */
    why: z.string(),
    reason: Commitment.nullable(),
  }),
  event('ApproversNudged', {}),
  event('EscalationPlanned', {
    /** When others are told, should nobody have decided by then. */
    dueAt: Instant,
  }),
  event('RequestEscalated', {
    /** Slack users who are told. It gives them no right. */
    to: z.array(SlackUserId),
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
  event('ExtensionRequested', {
    /** Seconds by which the end is to move. */
    bySeconds: Seconds,
    /** What every approval of it is bound to. */
    contentHash: Sha256,
    policyHash: Sha256,
    approvalsNeeded: z.int().min(0),
    /** The asker's own code where the rule asks for one. */
    factor: Factor.nullable(),
  }),
  event('ExtensionApproved', {
    contentHash: Sha256,
    policyHash: Sha256,
    factor: Factor.nullable(),
  }),
  event('ExtensionDenied', { reason: Commitment.nullable() }),
  event('ExtensionWithdrawn', {}),
  event('GrantExpired', {}),
  event('GrantRevoked', { cause: RevokeCause, reason: Commitment.nullable() }),
  event('GrantRemoved', {
    outcome: RemovalOutcome,
    /** When the provider was read and showed it; null when nothing was ever issued to read back. */
    readBackAt: Instant.nullable(),
  }),
  event('RemovalFailed', { code: z.string(), attempt: z.int().positive() }),
  event('BreakGlassReviewed', { verdict: ReviewVerdict, reason: Commitment }),
  event('ReviewOverdue', { reviewBy: Instant }),
]);
export type AccessRequestEvent = z.infer<typeof AccessRequestEvent>;
