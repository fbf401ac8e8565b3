/** What keeps new access from being given while it stands, as digests and Homes tell it: the red button's stop, and pauses. */
import * as z from 'zod';
import { Actor, Instant, SlackUserId } from '../access-request/model.ts';

export const StandingHalt = z.discriminatedUnion('kind', [
  /** Nothing new is given, and all live access ends. */
  z.strictObject({
    kind: z.literal('stopped'),
    since: Instant,
    proposedBy: SlackUserId,
    confirmedBy: SlackUserId,
  }),
  /** Nothing new is given; what is live goes on to its time. */
  z.strictObject({
    kind: z.literal('paused'),
    /** `all`, or the name of a provider. */
    scope: z.string().max(40),
    since: Instant,
    by: Actor,
  }),
]);
export type StandingHalt = z.infer<typeof StandingHalt>;
