/** Who is who: people, roles, groups, and how a rule selects some of them. */
import * as z from 'zod';
import { OnCallSource } from './on-call.ts';
import { strict } from './strict.ts';
import { Email, Login, Name, ProviderName, SlackPerson, SlackUserGroup } from './words.ts';

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
  /** Under which on-call schedules know them, where `accounts` names none at that system. */
  email: Email.optional(),
});
/** People whose number somebody else keeps: a Slack user group, or whoever is on call. They must be under `people` as well. */
export const Group = strict({
  slack_usergroup: SlackUserGroup.optional(),
  on_call: OnCallSource.optional(),
  /** What its people may besides their own roles; none where the group only serves as a condition. */
  roles: z.array(Name).max(100).default([]),
}).refine((group) => (group.slack_usergroup === undefined) !== (group.on_call === undefined), {
  message: 'A group comes from exactly one place',
  params: { fix: 'Name either `slack_usergroup` or `on_call`' },
});
export type Group = z.infer<typeof Group>;
export const Role = strict({ includes: z.array(Name).max(100).default([]) });
