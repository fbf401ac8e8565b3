/**
 * What a change of the policy gives and takes is told to the security channel, or to each admin where the policy names none. A
 * projection of the policy's chain (notices.ts): told once to each, however the trigger came. The rights are compared anew from
 * the two stored versions. Who wrote a file is not known here, so whoever decides about the policy (an admin, an owner) and gets
 * more by it themself is named.
 */
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import { diffRights, type RightsDiff } from '../domain/policy/diff.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { EventOf } from '../domain/records.ts';
import { type NoticeParts, type NoticeSource, type Pictures, tellNotices } from './notices.ts';

export type PolicyNews = {
  readonly event: EventOf<'policy'>;
  /** Null where the one before cannot be compared, and for a change that never came into force. */
  readonly diff: RightsDiff | null;
  /** Slack ids of admins and owners who get more by it themselves. */
  readonly widened: readonly string[];
};
/** Pure picture; null: nothing to tell. */
export type RenderPolicy = (news: PolicyNews) => Pictures['security'];
export type PolicyNoticeDeps = NoticeParts & { renderPolicy: RenderPolicy };

/** What is long over is told to nobody: not to who became an admin since, and not by a Hallpass that was updated. */
const NEWS_MS = 24 * 3_600_000;

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export async function announcePolicy(deps: PolicyNoticeDeps): Promise<void> {
  const policy = (await deps.policies.active())?.policy;
  if (!policy) return;
  const security = policy.security_channel ?? null;
  const admins = [...membersOf(policy).bySlack.keys()].filter((id) => isAdmin([policy], id));
  const places = security === null ? admins : [security];
  const told = await Promise.allSettled(
    places.map((channel) => tellNotices(sourceFor(deps, channel, security !== null), deps)),
  );
  for (const each of told) if (each.status === 'rejected') throw each.reason;
}

function sourceFor(deps: PolicyNoticeDeps, channel: string, isChannel: boolean): NoticeSource {
  const compared = new Map<string, Promise<Omit<PolicyNews, 'event'>>>();
  const newsOf = async (event: EventOf<'policy'>): Promise<PolicyNews> => {
    const previous = event.type === 'PolicyUnscheduled' ? null : event.previousHash;
    if (previous === null) return { event, diff: null, widened: [] };
    const key = `${previous} ${event.hash}`;
    const found = compared.get(key) ?? comparedBy(deps, previous, event.hash);
    compared.set(key, found);
    return { event, ...(await found) };
  };
  return {
    about: isChannel ? 'policy' : `policy-${channel}`,
    again: { policyChanged: true },
    async news(after) {
      const now = deps.clock.now().getTime();
      const chain = await deps.journal.history('policy', 'active', after);
      return Promise.all(
        chain.map(async ({ seq, event }) => {
          const isOld = now - Date.parse(event.at) > NEWS_MS;
          const security = isOld ? null : deps.renderPolicy(await newsOf(event));
          return { seq, pictures: { owner: null, security }, due: () => null };
        }),
      );
    },
    places: async () => ({ owner: null, security: channel }),
    reminder: async () => null,
  };
}

async function comparedBy(
  { policies }: PolicyNoticeDeps,
  previous: string,
  hash: string,
): Promise<Omit<PolicyNews, 'event'>> {
  const [before, now] = await Promise.all([policies.byHash(previous), policies.byHash(hash)]);
  const diff = diffRights(before.policy, now.policy);
  return { diff, widened: widenedDeciders(diff, [before.policy, now.policy]) };
}

/** Admins and owners, by the policy before or by this one. */
function widenedDeciders(diff: RightsDiff, policies: readonly [Policy, Policy]): string[] {
  const more = diff.changes.filter(({ effect }) => effect === 'gained' || effect === 'wider');
  const people = new Set(more.flatMap((change) => change.people));
  const owners = new Set(policies.flatMap(ownersOf));
  return [...people].filter(
    (id) => owners.has(id) || policies.some((policy) => isAdmin([policy], id)),
  );
}

const ownersOf = (policy: Policy): string[] =>
  Object.values(policy.entitlements).flatMap(({ owner }) => {
    const person = owner !== undefined && Object.hasOwn(policy.people, owner);
    return person ? [policy.people[owner]?.slack ?? ''] : [];
  });
