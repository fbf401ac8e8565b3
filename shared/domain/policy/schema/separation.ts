/** Duties that no human may hold at the same time: what one group of entitlements matches excludes what another one matches. */
import * as z from 'zod';
import { strict } from './strict.ts';
import { EntitlementGlob, Name } from './words.ts';

export const Separation = strict({
  name: Name,
  /** Each group is a list of entitlements that go together; two groups exclude each other. */
  entitlements: z.array(z.array(EntitlementGlob).min(1).max(20)).min(2).max(5),
});
export type Separation = z.infer<typeof Separation>;
