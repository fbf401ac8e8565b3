/** How often and how long, per person. Off unless written; a rule's own `limits` take the place of the policy's, key by key. */
import * as z from 'zod';
import { strict } from './strict.ts';
import { Duration } from './words.ts';

const count = z.int().min(1).max(100);

export const Limits = strict({
  /** Requests of one human in any sixty minutes, whatever for. */
  asks_per_hour: count.optional(),
  /** Requests of one human that wait for the same entitlement, in whatever role. */
  pending_per_entitlement: count.optional(),
  /** Seconds after a denial before the same human may ask for the same entitlement again. */
  cool_down_after_denial: Duration.optional(),
  /** Seconds in which one human may hold an entitlement on one day of the policy's time zone. */
  max_per_day: Duration.optional(),
});
export type Limits = z.infer<typeof Limits>;
