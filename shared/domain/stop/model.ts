/** The red button: two admins stop everything, two let it go on. What stands and what was proposed, as it is kept. */
import * as z from 'zod';
import { Instant, SlackUserId } from '../access-request/model.ts';

export const StopWhat = z.enum(['stop', 'lift']);
export type StopWhat = z.infer<typeof StopWhat>;

export const Stop = z.strictObject({
  /** Null: nothing is stopped. */
  standing: z
    .strictObject({ since: Instant, proposedBy: SlackUserId, confirmedBy: SlackUserId })
    .nullable(),
  /** What one admin wants and a second one has yet to confirm. */
  proposal: z
    .strictObject({ what: StopWhat, by: SlackUserId, at: Instant, until: Instant })
    .nullable(),
  /** When a sweep last found nothing left to withdraw or to end under the stop that stands. */
  clearedAt: Instant.nullable(),
});
export type Stop = z.infer<typeof Stop>;
export const NOTHING_STOPPED: Stop = { standing: null, proposal: null, clearedAt: null };
