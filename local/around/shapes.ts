/** What decisions ask outside Hallpass, as local mode's controls and the page speak of it. People are Slack ids. */
import * as z from 'zod';

const people = z.array(z.string().regex(/^[UW][A-Z0-9]{1,20}$/)).max(100);
const name = z.string().regex(/^[A-Za-z0-9._#/-]{1,100}$/);

/** One change at a time. */
export const AroundChange = z.union([
  z.strictObject({ group: name, people }),
  z.strictObject({ schedule: name, people }),
  z.strictObject({ ticket: name, is: z.enum(['open', 'closed', 'missing']) }),
]);
export type AroundChange = z.infer<typeof AroundChange>;

export const Around = z.object({
  /** Slack user groups; null where a real Slack has them. */
  groups: z
    .array(z.object({ id: z.string(), handle: z.string(), people: z.array(z.string()) }))
    .nullable(),
  /** Who is on call now, by schedule; null where a real system says. */
  onCall: z.array(z.object({ schedule: z.string(), people: z.array(z.string()) })).nullable(),
  /** Null where a real tracker has them. */
  tickets: z.array(z.object({ key: z.string(), is: z.enum(['open', 'closed']) })).nullable(),
});
export type Around = z.infer<typeof Around>;
