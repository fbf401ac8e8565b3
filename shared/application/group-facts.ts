/**
 * Who is in the groups on which a decision may depend, asked when it is made: only those that the rules concerned name, all at
 * once, each at most a minute old. A system that does not answer leaves its group out: unknown, which gives nobody a right, takes
 * every right that a deny rule may take, and is said in words. The members are Slack ids of the policy's people.
 */
import { type GroupPlace, groupKey, placeOf } from '../domain/policy/group-place.ts';
import { groupsConcerned } from '../domain/policy/groups.ts';
import type { GroupMembers } from '../domain/policy/members.ts';
import { onCallMembers } from '../domain/policy/on-call.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type Clock, type Directory, Fault, type Telemetry } from '../ports.ts';
import type { OnCall } from '../ports-outside.ts';

export type GroupDeps = {
  readonly clock: Clock;
  readonly directory: Directory;
  /** Without it whoever is on call is unknown. */
  readonly onCall?: OnCall;
  readonly telemetry?: Telemetry;
};

/** For an ask about this entitlement under these policies, today's first. */
export function groupFacts(
  deps: GroupDeps,
  policies: readonly [Policy, ...Policy[]],
  entitlement: string,
): Promise<GroupMembers> {
  const concerned = policies.map(
    (policy) => [policy, groupsConcerned(policy, entitlement)] as const,
  );
  return membersOfAll(deps, policies[0], concerned);
}

/** Of every group of a policy, for lists of what somebody may ask for. */
export const allGroupFacts = (deps: GroupDeps, policy: Policy): Promise<GroupMembers> =>
  membersOfAll(deps, policy, [[policy, Object.keys(policy.groups ?? {})]]);

/** For what is only shown or woken: nothing is known where this function cannot ask. */
export async function groupsAtHand(
  { directory, ...deps }: Omit<GroupDeps, 'directory'> & { readonly directory?: Directory },
  policy: Policy,
  entitlement: string,
): Promise<GroupMembers> {
  return directory ? groupFacts({ ...deps, directory }, [policy], entitlement) : new Map();
}

async function membersOfAll(
  deps: GroupDeps,
  today: Policy,
  concerned: readonly (readonly [Policy, readonly string[]])[],
): Promise<GroupMembers> {
  const places = new Map<string, GroupPlace>();
  for (const [{ groups }, names] of concerned)
    for (const name of names) {
      const group = groups?.[name];
      if (group) places.set(groupKey(group), placeOf(group));
    }
  const answers = await Promise.all(
    [...places].map(async ([key, place]) => {
      const members = await knownMembers(deps, today, place);
      return members ? ([[key, members]] as const) : [];
    }),
  );
  return new Map(answers.flat());
}

async function knownMembers(
  deps: GroupDeps,
  policy: Policy,
  place: GroupPlace,
): Promise<readonly string[] | null> {
  try {
    return await members(deps, policy, place);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { system, id } = place;
    deps.telemetry?.error('Who is in a group is unknown', {
      system,
      group: id,
      why: error.message,
    });
    return null;
  }
}

async function members(
  { clock, directory, onCall }: GroupDeps,
  policy: Policy,
  { system, id }: GroupPlace,
): Promise<readonly string[] | null> {
  if (system === 'slack') return directory.groupMembers(id, clock.now());
  if (!onCall) return null;
  return onCallMembers(policy, system, await onCall.onCallNow({ system, id }, clock.now()));
}
