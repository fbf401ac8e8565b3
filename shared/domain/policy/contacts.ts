/** Whom the policy makes answerable for itself: whoever it lets nothing do is sent to them. They gain nothing by it. */
import { membersOf } from './members.ts';
import type { Policy } from './policy.ts';

const ADMIN_ROLE = 'admin';
const MOST = 5;

/** Slack ids: the admins in the order of the file; where it has none, the owners of its entitlements. */
export function whomToAsk(policy: Policy): readonly string[] {
  const members = [...membersOf(policy).bySlack.values()];
  const admins = members.filter(({ roles }) => roles.has(ADMIN_ROLE));
  const owners = new Set(Object.values(policy.entitlements).map(({ owner }) => owner));
  const chosen = admins.length > 0 ? admins : members.filter(({ name }) => owners.has(name));
  return chosen.slice(0, MOST).map(({ slack }) => slack);
}
