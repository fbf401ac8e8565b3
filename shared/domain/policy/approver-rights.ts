/**
 * Who may approve, whose approval still counts, and whether the rule can be satisfied at all.
 * Never the requester, never the subject, never an account that shares an identity key with either, whatever a rule says.
 */
import { placesFilled, type Voter } from './approvals.ts';
import { type Cast, type Evidence, playerOf, unproven } from './cast.ts';
import { humansOf } from './identity.ts';
import { selects } from './members.ts';
import type { AccessRule, Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';
import { possiblySelected } from './selected.ts';
import type { Approval, CandidateVerdict, PolicyFacts, Verdict } from './verdict.ts';

type Permitted = Extract<Verdict, { permitted: true }>;

export type ApprovalsVerdict = Pick<Permitted, 'approvers' | 'candidate' | 'escalate'> &
  Omit<Permitted['approvals'], 'satisfied'> & {
    /** Can the open places still be filled by people of this policy? */
    readonly reachable: boolean;
  };

type Situation = {
  readonly policy: Policy;
  readonly rule: AccessRule;
  readonly cast: Cast;
  readonly facts: PolicyFacts;
  readonly rigour: { readonly evidence: Evidence };
};

/** One approval that counts: the account it came from and the human behind it. */
type Counted = Voter & { readonly slack: string };
type Court = Situation & {
  readonly humanOf: (slack: string) => string;
  readonly requesterHuman: string;
  readonly subjectHuman: string;
  readonly counts: readonly number[];
};

export function judgeApprovals(situation: Situation): ApprovalsVerdict {
  const { policy, rule, facts } = situation;
  const counts = rule.approvals.map((group) => group.count);
  const humanOf = humansOf(policy, facts);
  const { requester, subject } = situation.cast;
  const court = {
    ...situation,
    humanOf,
    requesterHuman: humanOf(requester.member.slack),
    subjectHuman: humanOf(subject.member.slack),
    counts,
  };
  const counted = facts.approvals.flatMap((approval) => stillCounts(court, approval));
  const from = { place: rule.approvals, selectors: rule.approvals.map((group) => group.from) };
  const possible = possiblySelected(policy, from, facts.groupMembers);
  const eligible = possible.flatMap((slack) => voter(court, slack));
  const hearing = { court, counted, eligible };
  return {
    needed: sum(counts),
    have: placesFilled(counts, counted),
    groups: rule.approvals.map(({ from, count }) => ({
      from: from.roles ?? [],
      people: from.people ?? [],
      count,
    })),
    approvers: whoWouldHelp(hearing),
    reachable: isReachable(hearing, counted),
    candidate: facts.candidate === undefined ? null : mayDecide(hearing, facts.candidate),
    escalate: escalation(situation),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** The refusal that holds against anybody as an approver here, before it is asked which places they could fill. */
function barred(court: Court, slack: string): PolicyRefusal | null {
  const { requester, subject } = court.cast;
  if (slack === requester.member.slack) return { code: 'self-approval' };
  if (slack === subject.member.slack) return { code: 'subject-approval' };
  if (!playerOf(court.policy, slack, court.facts)) return { code: 'unknown-person', person: slack };
  // Stryker disable next-line StringLiteral: evidence is asked for as fresh, or it is not
  return sameHuman(court, slack) ?? unproven(slack, court.facts, 'at-hand');
}

function sameHuman(court: Court, slack: string): PolicyRefusal | null {
  const human = court.humanOf(slack);
  if (human === court.requesterHuman) return { code: 'same-identity', as: 'requester' };
  return human === court.subjectHuman ? { code: 'same-identity', as: 'subject' } : null;
}

/** The groups of the rule in which this account could fill a place. */
function groupsOf({ policy, rule, facts }: Court, slack: string): ReadonlySet<number> {
  const player = playerOf(policy, slack, facts);
  const groups = new Set<number>();
  if (player)
    for (const [index, { from }] of rule.approvals.entries())
      if (selects(from, player.member, player.roles)) groups.add(index);
  return groups;
}

function voter(court: Court, slack: string): Counted[] {
  const groups = groupsOf(court, slack);
  if (groups.size === 0 || barred(court, slack)) return [];
  return [{ slack, human: court.humanOf(slack), groups }];
}

/** An earlier approval counts by today's policy: whoever lost the right, or the account, no longer counts. */
const stillCounts = (court: Court, approval: Approval): Counted[] =>
  voter(court, approval.approver);

type Hearing = {
  readonly court: Court;
  readonly counted: readonly Counted[];
  readonly eligible: readonly Counted[];
};

/** Can the people who were not heard yet fill what `heard` leaves open? */
function isReachable({ court: { counts }, eligible }: Hearing, heard: readonly Counted[]): boolean {
  const humans = new Set(heard.map(({ human }) => human));
  const others = eligible.filter(({ human }) => !humans.has(human));
  return placesFilled(counts, [...heard, ...others]) === sum(counts);
}

/**
 * Would this approval fill a place, and leave the rest within reach? The second fails only for a human with two listed accounts of
 * different rights who uses the one that others could have stood in for.
 */
function helps(hearing: Hearing, someone: Counted): boolean {
  const { counts } = hearing.court;
  const then = [...hearing.counted, someone];
  return (
    placesFilled(counts, then) > placesFilled(counts, hearing.counted) && isReachable(hearing, then)
  );
}

function whoWouldHelp(hearing: Hearing): string[] {
  const { counted, eligible } = hearing;
  const heard = new Set(counted.map(({ human }) => human));
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { human } of eligible) (seen.has(human) ? shared : seen).add(human);
  const answers = new Map<string, boolean>();
  const helpsAsItsKind = (someone: Counted): boolean => {
    const kind = shared.has(someone.human) ? someone.slack : [...someone.groups].join();
    const answer = answers.get(kind) ?? helps(hearing, someone);
    answers.set(kind, answer);
    return answer;
  };
  return eligible
    .filter((someone) => !heard.has(someone.human) && helpsAsItsKind(someone))
    .map(({ slack }) => slack);
}

function mayDecide(hearing: Hearing, candidate: string): CandidateVerdict {
  const { court, counted } = hearing;
  const no = (refusal: PolicyRefusal): CandidateVerdict => ({ may: false, refusal });
  const refusal =
    barred(court, candidate) ?? unproven(candidate, court.facts, court.rigour.evidence);
  if (refusal) return no(refusal);
  const human = court.humanOf(candidate);
  const before = counted.find((approval) => approval.human === human);
  if (before) return no({ code: 'already-approved', by: before.slack });
  const [someone] = voter(court, candidate);
  if (!someone) return no({ code: 'not-an-approver', from: namesOf(court.rule) });
  return helps(hearing, someone) ? { may: true } : no({ code: 'approval-not-needed' });
}

const namesOf = (rule: AccessRule): string[] => [
  ...new Set(rule.approvals.flatMap(({ from }) => [...(from.roles ?? []), ...(from.people ?? [])])),
];

function escalation({ policy, rule, facts, cast }: Situation): ApprovalsVerdict['escalate'] {
  if (!rule.escalate) return null;
  const { after, to } = rule.escalate;
  const possible = possiblySelected(policy, { place: to, selectors: [to] }, facts.groupMembers);
  const people = possible.filter((slack) => {
    const player = playerOf(policy, slack, facts);
    return slack !== cast.requester.member.slack && player
      ? selects(to, player.member, player.roles)
      : false;
  });
  return { afterSeconds: after, to: people };
}
