/**
 * The way in from the command line, for whoever runs the bot: the first authenticator of all, any admin's first one,
 * and whoever is locked out for good. It gives a link and nothing more: the key is seen only by who opens it, and the
 * word still has to be typed in the owner's own Slack. Recorded as the operator's doing.
 */
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { membersOf } from '../domain/policy/members.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Clock, check, type Ids, type Journal } from '../ports.ts';
import { newLink, type Offered } from './enrol-parts.ts';
import { changeEnrolment } from './enrol-writes.ts';
import type { Policies } from './policies.ts';

export type OperatorDeps = {
  journal: Journal;
  clock: Clock;
  ids: Ids;
  policies: Policies;
  publicUrl: string;
};
export type OperatorRefusal =
  | { code: 'policy-unavailable' }
  | { code: 'unknown-person'; person: string }
  | { code: 'already-enrolled'; person: string }
  /** Somebody is enrolled already: they can vouch. */
  | { code: 'vouching-needed'; vouchers: readonly string[] };

export async function operatorEnrol(
  deps: OperatorDeps,
  owner: string,
): Promise<Result<Offered, OperatorRefusal>> {
  return changeEnrolment<Offered, OperatorRefusal>(deps, owner, async (base, now) => {
    const active = await deps.policies.active();
    if (!active) return refuse({ code: 'policy-unavailable' });
    const { policy, pointer } = active;
    if (!membersOf(policy).bySlack.has(owner))
      return refuse({ code: 'unknown-person', person: owner });
    const present = await deps.journal.read('authenticator', owner);
    if (present.value && !present.value.needsProof)
      return refuse({ code: 'already-enrolled', person: owner });
    if (!present.value && !isAdmin(inForce(active), owner)) {
      const enrolled = await enrolledPeople(deps.journal, policy);
      if (enrolled.length > 0) return refuse({ code: 'vouching-needed', vouchers: enrolled });
    }
    const { write, offered } = newLink(deps, {
      base,
      owner,
      now,
      vouch: null,
      replaces: present.value?.authenticatorId ?? null,
      actor: { kind: 'operator' },
    });
    return ok({ writes: [write, check(pointer), check(present)], value: offered });
  });
}

const READS_AT_ONCE = 25;

async function enrolledPeople(journal: Journal, policy: Policy): Promise<string[]> {
  const people = [...membersOf(policy).bySlack.keys()];
  const enrolled: string[] = [];
  for (let from = 0; from < people.length; from += READS_AT_ONCE) {
    const batch = people.slice(from, from + READS_AT_ONCE);
    const read = await Promise.all(batch.map((person) => journal.read('authenticator', person)));
    enrolled.push(...read.flatMap(({ id, value }) => (value ? [id] : [])));
  }
  return enrolled;
}
