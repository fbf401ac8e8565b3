/**
 * Who was skipped by a break-glass, and so who may review it: whoever could approve the entitlement by any rule, and admins where no
 * rule names anybody. Never the requester, never the subject, never an account that shares an identity key with either.
 */
import { playerOf, unproven } from './cast.ts';
import { humansOf } from './identity.ts';
import { membersOf, selects } from './members.ts';
import type { AccessRule, Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';
import { rulesCovering } from './rules-covering.ts';
import { possiblySelected } from './selected.ts';
import type { PolicyFacts } from './verdict.ts';

const ADMIN_ROLE = 'admin';

type Taken = {
  readonly requester: string;
  readonly subject: string;
  /** Key in the policy. */
  readonly entitlement: string;
};
type Facts = Pick<PolicyFacts, 'now' | 'teamId' | 'evidence' | 'linkedAccounts' | 'groupMembers'>;

export type ReviewerRefusal =
  | PolicyRefusal
  | {
      readonly code: 'not-a-reviewer';
      readonly why: 'requester' | 'subject' | 'same-identity' | 'no-right';
    };

/** Slack ids, in the order of the file. */
export function reviewersOf(policy: Policy, taken: Taken, facts: Facts): readonly string[] {
  const humanOf = humansOf(policy, facts);
  const own = new Set([humanOf(taken.requester), humanOf(taken.subject)]);
  return withTheRight(policy, taken.entitlement, facts).filter(
    // Stryker disable next-line StringLiteral: evidence is asked for as fresh, or it is not
    (slack) => !own.has(humanOf(slack)) && unproven(slack, facts, 'at-hand') === null,
  );
}

/** Why this person may not review it, or null. */
export function reviewerRefusal(
  policy: Policy,
  taken: Taken,
  { candidate, ...facts }: Facts & { readonly candidate: string },
): ReviewerRefusal | null {
  const no = (why: Extract<ReviewerRefusal, { code: 'not-a-reviewer' }>['why']) =>
    ({ code: 'not-a-reviewer', why }) as const;
  if (candidate === taken.requester) return no('requester');
  if (candidate === taken.subject) return no('subject');
  if (!playerOf(policy, candidate, facts)) return { code: 'unknown-person', person: candidate };
  const refusal = unproven(candidate, facts, 'fresh');
  if (refusal) return refusal;
  const humanOf = humansOf(policy, facts);
  const human = humanOf(candidate);
  if (human === humanOf(taken.requester) || human === humanOf(taken.subject))
    return no('same-identity');
  return withTheRight(policy, taken.entitlement, facts).includes(candidate) ? null : no('no-right');
}

function withTheRight(policy: Policy, entitlement: string, facts: Facts): readonly string[] {
  const rules = rulesCovering(policy, entitlement).flatMap((rule) =>
    'approvals' in rule ? [rule] : [],
  );
  const able = [...new Set(rules.flatMap((rule) => approversIn(policy, rule, facts)))];
  if (able.length > 0) return able;
  const { bySlack } = membersOf(policy);
  return [...bySlack.values()].flatMap(({ slack, roles }) =>
    roles.has(ADMIN_ROLE) ? [slack] : [],
  );
}

function approversIn(policy: Policy, { approvals }: AccessRule, facts: Facts): string[] {
  const selectors = approvals.map(({ from }) => from);
  const possible = possiblySelected(policy, { place: approvals, selectors }, facts.groupMembers);
  return possible.filter((slack) => {
    const player = playerOf(policy, slack, facts);
    return player && selectors.some((from) => selects(from, player.member, player.roles));
  });
}
