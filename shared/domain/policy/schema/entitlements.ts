/** What can be asked for. */
import * as z from 'zod';
import { strict } from './strict.ts';
import { Name, ProviderName, Resource } from './words.ts';

export const Entitlement = strict({
  provider: ProviderName,
  kind: Name,
  resource: Resource,
  roles: z.array(Name).min(1).max(20),
  exclusive: z.boolean().default(false),
  privileged: z.boolean().default(false),
  owner: Name.optional(),
});
export type Entitlement = z.infer<typeof Entitlement>;
