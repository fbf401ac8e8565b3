/** Windows in which nothing new is asked for or approved: once (local date and time) or every week. */
import * as z from 'zod';
import { Selector } from './people.ts';
import { strict } from './strict.ts';
import { EntitlementGlob, LocalMoment, Name, WeekMoment } from './words.ts';

const about = {
  name: Name,
  /** Without the key: everything. */
  entitlements: z.array(EntitlementGlob).min(1).max(20).default(['*']),
  /** Whom the window does not hold: their asks, and as approvers their approvals. */
  except: Selector.optional(),
};

const Once = strict({ ...about, from: LocalMoment, to: LocalMoment }).refine(
  ({ from, to }) => from < to,
  {
    message: 'A freeze that ends before it begins',
    path: ['to'],
    params: { fix: 'Make `to` later than `from`; it is exclusive' },
  },
);
const Weekly = strict({ ...about, every: strict({ from: WeekMoment, to: WeekMoment }) }).refine(
  ({ every }) => every.from !== every.to,
  {
    message: 'A freeze that begins and ends at the same time of the week',
    path: ['every'],
    params: { fix: 'Give `from` and `to` two different times' },
  },
);
export const FREEZE_SHAPES = [Once, Weekly] as const;
export const Freeze = z.union(FREEZE_SHAPES);
export type Freeze = z.infer<typeof Freeze>;

/** Which of the two shapes a window was meant to have, told by its distinguishing key. */
export const freezeShapeOf = (written: unknown): number =>
  typeof written === 'object' && written !== null && 'every' in written ? 1 : 0;
