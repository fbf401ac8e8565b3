/**
 * Which of a request's own people were in which group when it was authorized: ensure, and the clock that starts what was approved
 * ahead, can ask neither Slack nor an on-call system. Of its own people alone; a group in which none of them is stays known to be
 * empty of them. A group that nobody was asked about then stays unknown, and gives nobody a right.
 */
import type { Command } from '../domain/access-request/command.ts';
import type { AccessRequestEvent } from '../domain/access-request/events.ts';
import type { AccessRequest, KnownRequest } from '../domain/access-request/model.ts';
import type { GroupMembers } from '../domain/policy/members.ts';
import { absent, type Journal, put, type Write } from '../ports.ts';

type Decided = {
  readonly events: readonly AccessRequestEvent[];
  readonly next: KnownRequest;
  /** Who is in the groups on which it rests. */
  readonly groupMembers?: GroupMembers | undefined;
};

export function ownMemberships({ events, next, groupMembers }: Decided): Record<string, string[]> {
  const approvers = events.flatMap((event) =>
    event.type === 'GrantAuthorized' || event.type === 'GrantScheduled' ? event.approvers : [],
  );
  const people = new Set([next.requester, next.subject, ...approvers]);
  return Object.fromEntries(
    [...(groupMembers ?? [])].map(([key, members]) => [
      key,
      members.filter((slack) => people.has(slack)),
    ]),
  );
}

/** Longer than any start lies ahead of its own end. */
const KEPT_MS = 30 * 86_400_000;

/** Kept beside what was authorized for later, in the same transaction. */
export function aheadWrites(decided: Decided): Write[] {
  const { events, next, groupMembers } = decided;
  const scheduled = events.find((event) => event.type === 'GrantScheduled');
  if (!scheduled || !groupMembers || groupMembers.size === 0) return [];
  const { until, notBefore } = scheduled.start;
  const expiresAt = new Date(Date.parse(until ?? notBefore) + KEPT_MS).toISOString();
  const memberships = ownMemberships(decided);
  return [put(absent('ahead', next.requestId), { memberships, expiresAt })];
}

/** As they were counted then, for a start that no person makes. */
export async function groupsAhead(
  journal: Journal,
  command: Command,
  state: AccessRequest,
): Promise<{ groupMembers?: GroupMembers }> {
  if (command.type !== 'StartGrant' || command.actor.kind === 'person') return {};
  if (state.status !== 'scheduled') return {};
  const { value } = await journal.read('ahead', state.requestId);
  return value ? { groupMembers: new Map(Object.entries(value.memberships)) } : {};
}
