/**
 * A person's authenticator (RFC 6238: SHA-1, 6 digits, 30 s, 160-bit secret) and the enrolment that leads to it.
 * The secret is only ever stored sealed; accepted time steps strictly increase; attempts are counted before
 * a code is verified. Events carry ids, never the secret, the code, the link or the word.
 */
import * as z from 'zod';
import { Actor, Instant, SlackUserId } from '../access-request/model.ts';
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

/** An enrolment in progress, kept under the hash of its single-use link token. */
export const Enrolment = z.strictObject({
  owner: SlackUserId,
  authenticatorId: z.string().min(8).max(64),
  createdAt: Instant,
  expiresAt: Instant,
  /** Who vouched, where the policy asks for it. */
  vouchedBy: Actor.nullable(),
  /** offered: link made · revealed: key shown once · confirmed: first code given · done: word typed back. */
  stage: z.enum(['offered', 'revealed', 'confirmed', 'done']),
  sealed: SealedSecret.nullable(),
  /** Step of the confirming code; the authenticator starts after it. */
  confirmedStep: z.int().min(0),
  /** SHA-256 of the word shown on the page. */
  wordHash: Sha256.nullable(),
  attempts: z.int().min(0),
});
export type Enrolment = z.infer<typeof Enrolment>;

const about = { v: z.literal(1), owner: SlackUserId, at: Instant, actor: Actor };
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...about, ...shape });

export const AuthenticatorEvent = z.discriminatedUnion('type', [
  event('EnrolmentOffered', { authenticatorId: z.string(), vouchedBy: Actor.nullable() }),
  event('SecretRevealed', { authenticatorId: z.string() }),
  event('AuthenticatorEnrolled', { authenticatorId: z.string(), mayApproveFrom: Instant }),
  event('CodeAccepted', { step: z.int().positive(), purpose: z.string() }),
  event('CodeRefused', { reason: z.enum(['wrong', 'replayed', 'locked', 'malformed']) }),
  event('AuthenticatorLocked', { until: Instant.nullable() }),
]);
export type AuthenticatorEvent = z.infer<typeof AuthenticatorEvent>;
