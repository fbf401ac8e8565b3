/**
 * A person's authenticator (RFC 6238: SHA-1, 6 digits, 30 s, 160-bit secret) and the enrolment that leads to it.
 * The secret is only ever stored sealed; accepted time steps strictly increase; attempts are counted before
 * a code is verified. Events carry ids, never the secret, the code, the link or the word.
 */
import * as z from 'zod';
import { Actor, Factor, Instant, SlackUserId } from '../access-request/model.ts';
import { Sha256 } from '../audit/chain.ts';

/** Envelope: AES-256-GCM under a data key; the context (tenant, owner, authenticator, version) is bound to it. */
export const SealedSecret = z.strictObject({
  /** Encrypted data key, or the local key's name; opaque to everything but the secret box. */
  key: z.string().min(1).max(4000),
  iv: z.string().min(1).max(100),
  ciphertext: z.string().min(1).max(4000),
  tag: z.string().min(1).max(100),
});
export type SealedSecret = z.infer<typeof SealedSecret>;

/** Tries, counted before they are verified. Codes and recovery codes have one each: neither can lock the other. */
const counter = {
  /** Attempts reserved since the last success or lock. */
  attempts: z.int().min(0),
  /** Failures in a row over all locks; at the limit only a re-proof helps. */
  failuresInRow: z.int().min(0),
  lockedUntil: Instant.nullable(),
  needsProof: z.boolean(),
};

/** A used code is gone from the list: what is not here never counts again. */
const RecoveryCodes = z.strictObject({
  /** HMAC-SHA-256 of each unused code under the authenticator's own sealed secret, bound to its id. */
  digests: z.array(Sha256).max(10),
  ...counter,
});
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

const resetHead = {
  resetId: z.string().min(8).max(64),
  /** The admin who began it. */
  startedBy: SlackUserId,
  startedAt: Instant,
};
/** Somebody lost authenticator and recovery codes: an admin starts, a second person confirms, a delay passes. */
const Reset = z.discriminatedUnion('stage', [
  z.strictObject({
    stage: z.literal('started'),
    ...resetHead,
    confirmUntil: Instant,
    /** A confirmed one ran out unused before: the authenticator stays out of use meanwhile. */
    renews: z.boolean(),
  }),
  z.strictObject({
    stage: z.literal('confirmed'),
    ...resetHead,
    /** The second person, never the admin nor the owner. */
    confirmedBy: SlackUserId,
    confirmedAt: Instant,
    /** From here on the owner may enrol anew. */
    opensAt: Instant,
    /** From here on no longer. */
    closesAt: Instant,
  }),
]);
export type Reset = z.infer<typeof Reset>;

export const Authenticator = z.strictObject({
  owner: SlackUserId,
  authenticatorId: z.string().min(8).max(64),
  sealed: SealedSecret,
  enrolledAt: Instant,
  /** A new or replaced authenticator may not approve before this. */
  mayApproveFrom: Instant,
  /** Last accepted 30-second time step; a code must be of a later one. */
  lastStep: z.int().min(0),
  ...counter,
  /** Null: none were ever made for it. */
  recovery: RecoveryCodes.nullable(),
  reset: Reset.nullable(),
  /** Approvals that the owner gave up to here do not count: a reset was confirmed then. Outlives the authenticator. */
  approvalsVoidUntil: Instant.nullable(),
});
export type Authenticator = z.infer<typeof Authenticator>;

/** Who answered for somebody, and until when that somebody may begin. */
const Vouch = z.strictObject({ by: Actor, until: Instant });
const Tries = z.int().min(0);
const link = {
  owner: SlackUserId,
  vouch: Vouch.nullable(),
  authenticatorId: z.string().min(8).max(64),
  /** Digest of the single-use token in the link; the token itself is never stored. */
  tokenHash: Sha256,
  createdAt: Instant,
  expiresAt: Instant,
  /** The authenticator that this one takes the place of: its owner proved it, or it is locked for good, or was reset. */
  replaces: z.string().nullable(),
  /** The reset that this link rests on; it dies with it. */
  resetId: z.string().nullable(),
};

/** A person's enrolment, one at a time: a new link ends the one before. Kept under the owner's id. */
export const Enrolment = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('vouched'), owner: SlackUserId, vouch: Vouch }),
  z.strictObject({ stage: z.literal('offered'), ...link }),
  /** The key was shown, once. */
  z.strictObject({
    stage: z.literal('revealed'),
    ...link,
    sealed: SealedSecret,
    /** Codes tried on the page, counted before they are verified. */
    codeTries: Tries,
  }),
  /** The first code was right, the word was shown. */
  z.strictObject({
    stage: z.literal('confirmed'),
    ...link,
    sealed: SealedSecret,
    codeTries: Tries,
    /** Latest time step seen on the page; the authenticator starts after it. */
    confirmedStep: z.int().positive(),
    /** Digest of the word, and how often one was typed in Slack. */
    wordHash: Sha256,
    wordTries: Tries,
    /** Digests of the recovery codes that the page showed with the word. */
    recovery: z.array(Sha256).max(10),
  }),
  /** Not the way to an authenticator: a link to new recovery codes for the one in place. */
  z.strictObject({
    stage: z.literal('recovery-codes'),
    owner: SlackUserId,
    authenticatorId: z.string().min(8).max(64),
    tokenHash: Sha256,
    createdAt: Instant,
    expiresAt: Instant,
  }),
  z.strictObject({
    stage: z.literal('done'),
    owner: SlackUserId,
    authenticatorId: z.string(),
    tokenHash: Sha256,
  }),
]);
export type Enrolment = z.infer<typeof Enrolment>;

const about = { v: z.literal(1), owner: SlackUserId, at: Instant, actor: Actor };
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...about, ...shape });

export const AuthenticatorEvent = z.discriminatedUnion('type', [
  event('AuthenticatorEnrolled', { authenticatorId: z.string(), mayApproveFrom: Instant }),
  event('AuthenticatorReplaced', {
    authenticatorId: z.string(),
    mayApproveFrom: Instant,
    /** The authenticator that no longer counts. */
    replaces: z.string(),
  }),
  event('CodeAccepted', { step: z.int().positive(), purpose: z.string() }),
  event('CodeRefused', { reason: z.enum(['wrong', 'replayed', 'locked', 'malformed']) }),
  event('AuthenticatorLocked', { until: Instant.nullable() }),
  event('RecoveryCodesIssued', {
    authenticatorId: z.string(),
    count: z.int().positive(),
    /** With the authenticator, or for the one in place: then older codes stop working. */
    occasion: z.enum(['enrolment', 'renewal']),
  }),
  event('RecoveryCodeUsed', {
    authenticatorId: z.string(),
    /** Unused codes that remain. */
    left: z.int().min(0),
    /** The authenticator whose enrolment it opened. */
    leadsTo: z.string(),
  }),
  event('RecoveryCodeRefused', { reason: z.enum(['wrong', 'locked']) }),
  event('RecoveryLocked', { until: Instant.nullable() }),
  event('AuthenticatorResetStarted', {
    authenticatorId: z.string(),
    resetId: z.string(),
    /** Instant after which nobody can confirm it any more. */
    confirmUntil: Instant,
    /** The admin's own code. */
    factor: Factor,
  }),
  event('AuthenticatorResetConfirmed', {
    authenticatorId: z.string(),
    resetId: z.string(),
    /** The admin who began it. */
    startedBy: SlackUserId,
    /** Between these instants the owner may enrol anew. */
    opensAt: Instant,
    closesAt: Instant,
    /** The second person's own code. */
    factor: Factor,
  }),
  event('AuthenticatorResetCancelled', { authenticatorId: z.string(), resetId: z.string() }),
  event('AuthenticatorResetUsed', {
    authenticatorId: z.string(),
    resetId: z.string(),
    /** The authenticator whose enrolment it opened. */
    leadsTo: z.string(),
  }),
]);
export type AuthenticatorEvent = z.infer<typeof AuthenticatorEvent>;

/**
 * The way to an authenticator, a chain of its own per owner. What happens on the page is recorded for the owner of the
 * link; it proves no more than that somebody held the link.
 */
export const EnrolmentEvent = z.discriminatedUnion('type', [
  event('EnrolmentVouched', {
    /** Instant after which the vouched-for person needs another voucher. */
    until: Instant,
    /** The voucher's own code. */
    factor: Factor,
  }),
  event('EnrolmentOffered', {
    authenticatorId: z.string(),
    vouchedBy: Actor.nullable(),
    replaces: z.string().nullable(),
    /** The owner's current code, where an authenticator is replaced. */
    factor: Factor.nullable(),
  }),
  event('SecretRevealed', { authenticatorId: z.string() }),
  event('EnrolmentConfirmed', { authenticatorId: z.string(), step: z.int().positive() }),
  event('EnrolmentRefused', {
    authenticatorId: z.string(),
    reason: z.enum(['key-already-shown', 'wrong-code', 'wrong-word']),
  }),
  event('EnrolmentCompleted', { authenticatorId: z.string() }),
  event('RecoveryCodesOffered', {
    authenticatorId: z.string(),
    /** The owner's current code. */
    factor: Factor,
  }),
]);
export type EnrolmentEvent = z.infer<typeof EnrolmentEvent>;
