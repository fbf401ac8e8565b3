/** Who is who: people, roles, groups, and how a rule selects some of them. */
import * as z from 'zod';
import { strict } from './strict.ts';
import { Login, Name, ProviderName, SlackPerson, SlackUserGroup } from './words.ts';

const names = z.array(Name).min(1).max(100);
export const Selector = strict({ roles: names.optional(), people: names.optional() }).refine(
  (chosen) => chosen.roles !== undefined || chosen.people !== undefined,
  { message: 'This selects nobody', params: { fix: 'Name `roles`, `people` or both' } },
);
export type Selector = z.infer<typeof Selector>;

export const Person = strict({
  slack: SlackPerson,
  roles: z.array(Name).max(100),
  /** Provider -> login. */
  accounts: z.record(ProviderName, Login).default({}),
});
export const Group = strict({ slack_usergroup: SlackUserGroup, roles: names });
export const Role = strict({ includes: z.array(Name).max(100).default([]) });
