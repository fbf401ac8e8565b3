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

export const Authenticator = z.strictObject({
  owner: SlackUserId,
  authenticatorId: z.string().min(8).max(64),
  sealed: SealedSecret,
  enrolledAt: Instant,
  /** A new or replaced authenticator may not approve before this. */
  mayApproveFrom: Instant,
  /** Last accepted 30-second time step; a code must be of a later one. */
  lastStep: z.int().min(0),
  /** Attempts reserved since the last success or lock. */
  attempts: z.int().min(0),
  /** Failures in a row over all locks; at the limit only a re-proof helps. */
  failuresInRow: z.int().min(0),
  lockedUntil: Instant.nullable(),
  needsProof: z.boolean(),
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
  /** The authenticator that this one takes the place of: its owner proved it, or it is locked for good. */
  replaces: z.string().nullable(),
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
]);
export type EnrolmentEvent = z.infer<typeof EnrolmentEvent>;
