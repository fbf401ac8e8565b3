/** When a rule needs no human: conditions that must all hold, and a budget that must not be used up. Else its approvers decide. */
import * as z from 'zod';
import { strict } from './strict.ts';
import { Duration, Name } from './words.ts';

const count = z.int().min(1).max(100);

export const AutoApprove = strict({
  when: strict({
    working_hours: z.boolean().optional(),
    /** Name of a group in which the requester must be now, as in `when`. */
    on_call: Name.optional(),
    max_duration: Duration.optional(),
  }).refine((conditions) => Object.values(conditions).some((each) => each !== undefined), {
    message: 'Automatic approval without a condition',
    params: { fix: 'Write at least one of working_hours, on_call and max_duration' },
  }),
  /** Grants without an approver on one day of the policy's time zone. */
  budget: strict({ per_person_per_day: count }),
});
export type AutoApprove = z.infer<typeof AutoApprove>;
