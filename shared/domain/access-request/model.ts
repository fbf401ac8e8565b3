/**
 * The vocabulary of an access request and the states it can be in.
 *
 * States are derived from events (events.ts); a fact exists only where it is true. A field that events of an earlier version
 * did not have has a default here: rows of the version before are read without being rewritten.
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

export const CodeFrom = z.strictObject({ requester: z.boolean(), approver: z.boolean() });
export const Seconds = z.int().positive();
/** Key of a ticket or incident at its tracker, as a rule's pattern found it in the justification; never free text. */
export const TicketKey = z.string().min(1).max(64);

/** When access begins; without one it begins once it is approved. */
export const Start = z.strictObject({
  /** Earliest instant of access. */
  notBefore: Instant,
  /** The holder starts it themself, at the latest now (a window); null: it starts by itself at `notBefore`. */
  until: Instant.nullable(),
});
export type Start = z.infer<typeof Start>;

/** Taken without an approval, in an emergency; owed a review. */
export const BreakGlass = z.strictObject({
  /** Key of the incident, null where the rule demands none. */
  incident: TicketKey.nullable(),
  /** Instant by which somebody else must have reviewed it. */
  reviewBy: Instant,
});
export type BreakGlass = z.infer<typeof BreakGlass>;

/** What somebody who could have approved it said afterwards of access that was taken by break-glass. */
export const ReviewVerdict = z.enum(['justified', 'not-justified']);
export type ReviewVerdict = z.infer<typeof ReviewVerdict>;
const Review = z.strictObject({ by: SlackUserId, at: Instant, verdict: ReviewVerdict });

export const RemovalOutcome = z.enum(['removed', 'restored', 'covered', 'never-granted', 'left']);
export type RemovalOutcome = z.infer<typeof RemovalOutcome>;
/** `ticket`: the ticket or incident that it was for was closed. `left`: its holder is not in the workspace any more. */
export const RevokeCause = z.enum([
  'requester',
  'approver',
  'admin',
  'policy',
  'operator',
  'ticket',
  'left',
]);
export type RevokeCause = z.infer<typeof RevokeCause>;

/** Whom to tell that nobody answered: due at an instant, done once. */
const Escalation = z.strictObject({
  dueAt: Instant,
  /** Null until it was done. */
  at: Instant.nullable(),
  /** Slack ids of those who were told. */
  to: z.array(SlackUserId),
});

export const Extension = z.strictObject({
  /** What every approval of it is bound to. */
  contentHash: Sha256,
  policyHash: Sha256,
  /** Seconds it would move the end by. */
  bySeconds: Seconds,
  askedBy: SlackUserId,
  askedAt: Instant,
  approvalsNeeded: z.int().min(0),
  approvals: z.array(z.strictObject({ approver: SlackUserId, at: Instant, coded: z.boolean() })),
  /** When approvers were reminded of it, at the wish of who asked. */
  nudgedAt: z.array(Instant).default([]),
});
export type Extension = z.infer<typeof Extension>;

/** More time that was asked for last, and denied. */
const DeniedExtension = z.strictObject({
  by: SlackUserId,
  at: Instant,
  bySeconds: Seconds,
  reason: Commitment.nullable(),
  /** Number of its event: the words lie beside the request under it. */
  event: z.int().positive(),
});

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
  start: Start.nullable().default(null),
  ticket: TicketKey.nullable().default(null),
  breakGlass: BreakGlass.nullable().default(null),
  /** Of break-glass: the review that was owed. */
  review: Review.nullable().default(null),
  /** Since when it is on record that the review is overdue. */
  reviewOverdueAt: Instant.nullable().default(null),
  /** When approvers were reminded, at the requester's wish. */
  nudgedAt: z.array(Instant).default([]),
  escalation: Escalation.nullable().default(null),
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
/** Approved ahead: nobody has any access yet, and its end is fixed only when it starts. */
const scheduled = {
  ...asked,
  scheduledAt: Instant,
  grantSeconds: Seconds,
  /** Slack users whose approvals it rests on. */
  approvers: z.array(SlackUserId),
};
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
  z.strictObject({ status: z.literal('scheduled'), ...scheduled }),
  z.strictObject({
    status: z.literal('not-started'),
    ...scheduled,
    closedAt: Instant,
    closedBy: Actor,
    /** Stable code: a refusal of the policy at its start, `window-closed`, `too-late` or `ended`. */
    why: z.string(),
  }),
  z.strictObject({ status: z.literal('activating'), ...authorized }),
  z.strictObject({
    status: z.literal('active'),
    ...authorized,
    activatedAt: Instant,
    accountId: z.string(),
    /** More time that was asked for and waits for its approvals; it dies with the grant's end. */
    extension: Extension.nullable().default(null),
    deniedExtension: DeniedExtension.nullable().default(null),
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
  switch (state.status) {
    case 'new':
      return null;
    case 'pending':
      return escalationDueAt(state) ?? state.lapsesAt;
    case 'scheduled':
      return state.start && (state.start.until ?? state.start.notBefore);
    case 'active':
      return firstOf([
        reminderAt(state),
        reviewDueAt(state),
        // So that who decides finds it among what is open.
        state.extension && state.expiresAt,
      ]);
    default:
      return reviewDueAt(state);
  }
}

const firstOf = (instants: readonly (string | null)[]): string | null =>
  instants.filter((at) => at !== null).sort()[0] ?? null;

/** When it has yet to escalate; null when it never will. */
export const escalationDueAt = ({ escalation, lapsesAt }: InStatus<'pending'>): string | null =>
  escalation && escalation.at === null && escalation.dueAt < lapsesAt ? escalation.dueAt : null;

/** Long after anything else is due: a review that is on record as overdue stays in the lists of what is open. */
const OWED_LATER_MS = 30 * 86_400_000;

/** Null where no review is owed. Once it is on record as overdue it is due again every thirty days, for the lists alone. */
export function reviewDueAt({
  breakGlass,
  review,
  reviewOverdueAt,
}: Pick<KnownRequest, 'breakGlass' | 'review' | 'reviewOverdueAt'>): string | null {
  if (!breakGlass || review) return null;
  if (reviewOverdueAt === null) return breakGlass.reviewBy;
  return new Date(Date.parse(reviewOverdueAt) + OWED_LATER_MS).toISOString();
}

/** How the unique pair "subject x entitlement" is named while a request for it waits. */
export const pendingLockOf = (ask: { subject: string; entitlementId: string; role: string }) =>
  `${ask.subject}#${ask.entitlementId}#${ask.role}`;
