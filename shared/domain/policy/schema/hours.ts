/** Times of the week: working hours, and when the digest is told. */
import * as z from 'zod';
import { strict } from './strict.ts';
import { TimeOfDay } from './words.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const WorkingHours = strict({
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
  from: TimeOfDay,
  /** Exclusive. Earlier than `from`: the window ends on the next day. */
  to: TimeOfDay,
}).refine((hours) => hours.from !== hours.to, {
  message: 'Working hours that begin and end at the same time',
  params: { fix: 'Give `from` and `to` two different times' },
});
export type WorkingHours = z.infer<typeof WorkingHours>;

/** The daily digest in every channel that a rule names; without the key at 09:00 each day. */
export const Digest = strict({
  at: TimeOfDay.refine((time) => time <= '23:30', {
    message: 'So late that a digest could miss its own day',
    params: { fix: 'Write 23:30 or earlier' },
  }).default('09:00'),
  /** Days that have one; the first after a gap tells what happened since the last. */
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
});
