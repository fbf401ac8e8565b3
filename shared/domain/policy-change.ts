/** What is recorded of a change of the policy: by hash and in figures. Who gained what is worked out from the two files. */
import * as z from 'zod';
import { Actor, Instant } from './access-request/model.ts';
import { Sha256 } from './audit/chain.ts';

const pairs = z.int().min(0);
/** Pairs of a person and an entitlement whose rights changed. */
export const RightsChanged = z.strictObject({
  gained: pairs,
  lost: pairs,
  wider: pairs,
  narrower: pairs,
  /** Too much to be compared pair by pair. */
  truncated: z.boolean(),
  /** SHA-256 over everything that changed. */
  sha256: Sha256,
});
export type RightsChanged = z.infer<typeof RightsChanged>;

const about = { at: Instant, actor: Actor };
const changed = {
  type: z.literal('PolicyChanged'),
  ...about,
  /** SHA-256 of the file that is in force from now on, and of the one before. */
  hash: Sha256,
  previousHash: Sha256.nullable(),
};
const PolicyChanged = z.discriminatedUnion('v', [
  z.strictObject({ ...changed, v: z.literal(1) }),
  z.strictObject({
    ...changed,
    v: z.literal(2),
    /** What changed since the one before; null where there was no readable one. */
    rights: RightsChanged.nullable(),
  }),
]);
const PolicyScheduled = z.strictObject({
  type: z.literal('PolicyScheduled'),
  v: z.literal(1),
  ...about,
  /** SHA-256 of the file that waits, and of the one that stays in force; until then both must allow. */
  hash: Sha256,
  previousHash: Sha256,
  effectiveAt: Instant,
  /** What will change. */
  rights: RightsChanged,
});
const PolicyUnscheduled = z.strictObject({
  type: z.literal('PolicyUnscheduled'),
  v: z.literal(1),
  ...about,
  /** SHA-256 of the file that waited and never came into force. */
  hash: Sha256,
});

export const PolicyEvent = z.discriminatedUnion('type', [
  PolicyChanged,
  PolicyScheduled,
  PolicyUnscheduled,
]);
export type PolicyEvent = z.infer<typeof PolicyEvent>;

/** id `active`: which policy is in force, and which one waits for its delay. */
export const PolicyPointer = z.strictObject({
  hash: Sha256,
  activatedAt: Instant,
  pending: z.strictObject({ hash: Sha256, effectiveAt: Instant }).exactOptional(),
});
