/** The people an ask is about, found in the policy and proven to be active full members of the workspace. */
import { ok, type Result, refuse } from '../result.ts';
import { isFresh, notFullMember, type PersonEvidence } from './identity.ts';
import { effectiveRoles, type GroupMembers, type Member, membersOf } from './members.ts';
import type { Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';

/** `fresh`: an answer of the last 60 s is demanded. `at-hand`: what is there counts, its absence does not. */
export type Evidence = 'fresh' | 'at-hand';

export type Player = { readonly member: Member; readonly roles: ReadonlySet<string> };
export type Cast = { readonly requester: Player; readonly subject: Player };

export type CastFacts = {
  readonly now: Date;
  readonly teamId: string;
  readonly evidence: ReadonlyMap<string, PersonEvidence>;
  readonly groupMembers?: GroupMembers;
};

/** One for all: this is asked of hundreds of people per verdict. */
const NO_GROUPS: GroupMembers = new Map();

export function playerOf(policy: Policy, slack: string, facts: CastFacts): Player | null {
  const member = membersOf(policy).bySlack.get(slack);
  if (!member) return null;
  const members = facts.groupMembers ?? NO_GROUPS;
  // Stryker disable next-line StringLiteral: somebody doubtful is in, or is not
  return { member, roles: effectiveRoles(policy, member, { members, doubtful: 'not-in' }) };
}

export type Unproven = Extract<PolicyRefusal, { code: 'evidence-stale' | 'not-a-full-member' }>;

/** Refuses who is no active full member, or whose evidence is missing, about somebody else, or too old where it has to be fresh. */
export function unproven(slack: string, facts: CastFacts, need: Evidence): Unproven | null {
  const evidence = facts.evidence.get(slack);
  const usable = evidence?.slackUserId === slack && isFresh(evidence, facts.now);
  if (need === 'fresh' && !usable) return { code: 'evidence-stale', person: slack };
  const why = evidence ? notFullMember(evidence, facts.teamId) : null;
  return why ? { code: 'not-a-full-member', person: slack, why } : null;
}

export function castOf(
  policy: Policy,
  ask: { readonly requester: string; readonly subject: string },
  facts: CastFacts & { readonly need: Evidence },
): Result<Cast, PolicyRefusal> {
  const requester = playerOf(policy, ask.requester, facts);
  if (!requester) return refuse({ code: 'unknown-person', person: ask.requester });
  const subject = playerOf(policy, ask.subject, facts);
  if (!subject) return refuse({ code: 'unknown-person', person: ask.subject });
  const refusal =
    unproven(ask.requester, facts, facts.need) ?? unproven(ask.subject, facts, facts.need);
  return refusal ? refuse(refusal) : ok({ requester, subject });
}
