/**
 * A holding is one provider account in one container: what ensure drives towards what it should be.
 *
 * The record lists the live grants, written by the decisions themselves, what the account had by other
 * means (baseline), the role our confirmed intents wrote (ours) and every intent that is still open.
 * `plan` reads it, nothing else decides about provider calls.
 */
import * as z from 'zod';
import {
  HoldingId,
  Instant,
  type RemovalOutcome,
  RequestId,
  SlackUserId,
} from '../access-request/model.ts';
import { Sha256 } from '../audit/chain.ts';

export const HoldingGrant = z.strictObject({
  /** The grant's id is the request's id. */
  grantId: RequestId,
  requester: SlackUserId,
  /** Entitlement in the policy, and the policy under which the grant was last judged. */
  entitlementId: z.string(),
  policyHash: Sha256,
  /** Slack users whose approvals it rests on. */
  approvers: z.array(SlackUserId),
  role: z.string(),
  /** Which of its people were in which group (its key) when it was authorized: ensure asks nobody who is in a group. */
  memberships: z.record(z.string().max(250), z.array(SlackUserId)).exactOptional(),
  /** Taken without an approval, by a rule for emergencies. */
  breakGlass: z.literal(true).exactOptional(),
  expiresAt: Instant,
  authorizedAt: Instant,
  phase: z.enum(['activating', 'active', 'removing']),
  /** When the grant expired or was revoked, null while it lives. */
  endedAt: Instant.nullable(),
  /** True once an intent(add) was recorded while this grant was wanted. */
  issued: z.boolean(),
  /** End for which a schedule is known to exist, null when none is. */
  scheduledFor: Instant.nullable(),
});
export type HoldingGrant = z.infer<typeof HoldingGrant>;

/** A provider write that was recorded before it was issued and is not yet known to be over. */
export const Intent = z.strictObject({
  intentId: z.string(),
  kind: z.enum(['add', 'remove']),
  /** Role the call writes, null for a removal. */
  role: z.string().nullable(),
  issuedAt: Instant,
  /** `open` until the call's answer is known; then `answered` (2xx) or `ambiguous` (timeout, crash, 5xx). */
  answer: z.enum(['open', 'answered', 'ambiguous']),
});
export type Intent = z.infer<typeof Intent>;

export const Membership = z.strictObject({
  role: z.string().nullable(),
  direct: z.boolean(),
  until: Instant.nullable(),
  /** A stronger role that comes by inheritance beside the direct one. */
  inherited: z.string().exactOptional(),
  /** The provider's own refinement of the direct role. */
  variant: z.string().exactOptional(),
});
export type Membership = z.infer<typeof Membership>;

/** A member of an exclusive container without a grant, to be taken out: set by drift, gone with its outcome. */
export const Stray = z.strictObject({
  accountId: z.string(),
  role: z.string().nullable(),
  markedAt: Instant,
  /** After that nothing is issued on the strength of this mark: the next look decides anew. */
  until: Instant,
  /** True once a removal of ours was on record. */
  issued: z.boolean(),
});
export type Stray = z.infer<typeof Stray>;

export const Holding = z.strictObject({
  holdingId: HoldingId,
  container: z.strictObject({
    provider: z.string(),
    kind: z.string(),
    resource: z.string(),
    /** Its immutable id at the provider, while anything of ours may be there; absent where names are final. */
    id: z.string().exactOptional(),
  }),
  /** Provider login from the policy; the account id it was pinned to on first use, null before. */
  login: z.string(),
  accountId: z.string().nullable(),
  /** Null while only a stranger's mark stands on it: an account that the policy does not know. */
  subject: SlackUserId.nullable(),
  grants: z.array(HoldingGrant),
  /** What the account had by other means before our first add; null while unknown. */
  baseline: Membership.nullable(),
  /** Role our last confirmed intents wrote, null for none. */
  ours: z.string().nullable(),
  intents: z.array(Intent),
  /** Until then a late call may still change what we see. */
  settleUntil: Instant.nullable(),
  /** Schedules of grants that ended early and still have to be deleted. */
  staleSchedules: z.array(RequestId),
  lease: z.strictObject({ token: z.int().positive(), until: Instant }).nullable(),
  /** Fencing token of the latest lease. */
  fence: z.int().min(0),
  /** Provider faults in a row, and when to try again. */
  attempts: z.int().min(0),
  nextAttemptAt: Instant.nullable(),
  lastFault: z.string().nullable(),
  /** Drift that was already reported, so that it is reported once. */
  drift: z.string().nullable(),
  stray: Stray.exactOptional(),
  /** From then on the sweep brings it back, null when nothing is left to do. At once while something is unfinished. */
  dueAt: Instant.nullable(),
  /** Instant for which a wake-up message is already under way. */
  wakeAt: Instant.nullable(),
});
export type Holding = z.infer<typeof Holding>;

const about = {
  v: z.literal(1),
  holdingId: HoldingId,
  at: Instant,
  actor: z.strictObject({ kind: z.literal('ensure') }),
};
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...about, ...shape });

export const HoldingEvent = z.discriminatedUnion('type', [
  event('AccountPinned', { accountId: z.string() }),
  event('ContainerPinned', { containerId: z.string() }),
  event('BaselineCaptured', { membership: Membership, observedAt: Instant }),
  event('IntentIssued', {
    intentId: z.string(),
    kind: z.enum(['add', 'remove']),
    role: z.string().nullable(),
    /** Grants that want (add) or no longer want (remove) it. */
    grantIds: z.array(RequestId),
    fence: z.int().positive(),
  }),
  event('IntentClosed', {
    intentId: z.string(),
    /** confirmed by a read-back; refused by the provider, or too late to be issued; settled: too old to take effect any more. */
    result: z.enum(['confirmed', 'refused', 'settled']),
  }),
  event('DriftFound', {
    /** What the provider shows and what it should show by our books. */
    actual: z.string().nullable(),
    expected: z.string().nullable(),
  }),
  event('HoldingCleared', { observedAt: Instant }),
]);
export type HoldingEvent = z.infer<typeof HoldingEvent>;

/** What ensure reports about one grant to its request. */
export type GrantOutcome =
  | { grantId: string; result: 'activated' }
  | { grantId: string; result: 'failed'; code: string; evidence: 'not-issued' | 'read-back-gone' }
  | { grantId: string; result: 'removed'; outcome: z.infer<typeof RemovalOutcome> };

export const emptyHolding = (place: {
  holdingId: string;
  container: Holding['container'];
  login: string;
  subject: string | null;
}): Holding => ({
  ...place,
  accountId: null,
  grants: [],
  baseline: null,
  ours: null,
  intents: [],
  settleUntil: null,
  staleSchedules: [],
  lease: null,
  fence: 0,
  attempts: 0,
  nextAttemptAt: null,
  lastFault: null,
  drift: null,
  dueAt: null,
  wakeAt: null,
});
