/**
 * Who of the policy's people is on call. A schedule's entry is one of them by the account that the policy names for that system,
 * else by the e-mail address that the policy names; never by a name, and never by what somebody wrote into their own profile.
 * An address or account that two people share belongs to neither.
 */
import { groupKey } from './group-place.ts';
import type { GroupMembers } from './members.ts';
import type { Policy } from './policy.ts';

/** One person on call as a schedule tells it. */
export type OnCallPerson = {
  /** Id or user name in that system; null where it has none. */
  readonly account: string | null;
  readonly email: string | null;
};

/** Slack ids, in the order of the policy. Whom the policy does not list is on call for nothing of ours. */
export function onCallMembers(
  policy: Policy,
  system: string,
  people: readonly OnCallPerson[],
): readonly string[] {
  const byKey = peopleByKey(policy, system);
  const found = people.flatMap(({ account, email }) => {
    const byAccount = account === null ? undefined : byKey.get(accountKey(account));
    const byEmail = email === null ? undefined : byKey.get(emailKey(email));
    return byAccount ?? byEmail ?? [];
  });
  return [...new Set(found)];
}

// Stryker disable MethodExpression: in capitals it is the same account and the same address
const accountKey = (account: string) => `account ${account.toLowerCase()}`;
const emailKey = (email: string) => `email ${email.trim().toLowerCase()}`;
// Stryker restore MethodExpression

/** Null: written for two people. */
function peopleByKey(policy: Policy, system: string): ReadonlyMap<string, string | null> {
  const byKey = new Map<string, string | null>();
  const claim = (key: string, slack: string) =>
    byKey.set(key, byKey.has(key) && byKey.get(key) !== slack ? null : slack);
  for (const { slack, accounts, email } of Object.values(policy.people)) {
    const account = accounts[system];
    if (account !== undefined) claim(accountKey(account), slack);
    if (account?.includes('@')) claim(emailKey(account), slack);
    if (email !== undefined) claim(emailKey(email), slack);
  }
  return byKey;
}

/** Is this person (Slack id) in the group of that name now? Null when nobody knows. Works for every kind of group. */
export function isInGroup(
  { policy, members }: { readonly policy: Policy; readonly members: GroupMembers | undefined },
  name: string,
  slack: string,
): boolean | null {
  const group = policy.groups?.[name];
  const inside = group && members?.get(groupKey(group));
  return inside?.includes(slack) ?? null;
}
