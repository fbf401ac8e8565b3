/**
 * What a form may offer for one entitlement: its roles, the lengths its rule allows and what each costs in approvals, and the
 * verdict about what is chosen so far: for whom, from when, in an emergency. Suggestions only, by the evidence at hand: the
 * evaluator judges again on submit.
 */
import { type Ask, type PolicyFacts, preview, type Verdict } from './evaluate.ts';
import { membersOf } from './members.ts';
import type { BreakGlassRule, Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';

type Permitted = Extract<Verdict, { permitted: true }>;

/** Lengths people think in; a rule's longest is added, whatever it is. */
const USUAL_SECONDS = [15, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 10_080].map(
  (minutes) => minutes * 60,
);
/** What is proposed to somebody who said nothing: an hour is enough for most, and less is safer. */
const PROPOSED_SECONDS = 3600;
const SHORTEST_SECONDS = 60;

export type DurationChoice = {
  readonly seconds: number;
  readonly approvalsNeeded: number;
};
export type Choices = {
  readonly entitlement: string;
  readonly roles: readonly string[];
  /** Shortest first; the last is the longest the rule allows. */
  readonly durations: readonly DurationChoice[];
  readonly proposedSeconds: number;
  /** What the rule asks of a reason; `ticket` is its pattern as written. */
  readonly justification: { readonly min: number; readonly ticket: string | null };
  /** What an emergency would cost; null for an ask that goes the usual way. */
  readonly emergency: Emergency | null;
  /** About the chosen role and length; about what is proposed where nothing is chosen. */
  readonly verdict: Verdict;
};
export type Emergency = {
  /** Of the shortest ask: who is told, the quota, the review. */
  readonly terms: Permitted;
  readonly incident: Pick<BreakGlassRule['break_glass'], 'incident' | 'incident_pattern'>;
};

export type Chosen = {
  /** Slack id. */
  readonly requester: string;
  /** Slack id of for whom, where that is somebody else. */
  readonly subject?: string | null;
  readonly entitlement: string;
  readonly role: string | null;
  readonly durationSeconds: number | null;
  readonly start?: Ask['start'];
  /** The time of access, where it begins later. */
  readonly window?: Ask['window'];
  /** `incident`: null while nobody wrote it. */
  readonly breakGlass?: { readonly incident: string | null } | null;
};
export type ChoiceFacts = Omit<PolicyFacts, 'approvals' | 'candidate'>;

/** Null for what this person may not ask for now, neither for whom they chose nor for themself. */
export function choicesFor(policy: Policy, chosen: Chosen, facts: ChoiceFacts): Choices | null {
  const offer = offeredBy(policy, chosen, facts);
  if (!offer?.shortest.permitted) return null;
  const { roles, role, verdictFor, shortest } = offer;
  const longest = shortest.maxDurationSeconds;
  const lengths = [...USUAL_SECONDS.filter((seconds) => seconds < longest), longest];
  const durations = lengths.flatMap((seconds) => {
    const verdict = verdictFor(seconds);
    return verdict.permitted ? [{ seconds, approvalsNeeded: verdict.approvals.needed }] : [];
  });
  const proposedSeconds =
    durations.findLast(({ seconds }) => seconds <= PROPOSED_SECONDS)?.seconds ?? longest;
  const durationSeconds = chosen.durationSeconds ?? proposedSeconds;
  return {
    entitlement: chosen.entitlement,
    roles,
    durations,
    proposedSeconds,
    justification: wantedReason(policy, shortest),
    emergency: emergencyOf(policy, shortest),
    verdict: preview(policy, wholeAsk(chosen, { role, durationSeconds }), undecided(facts)),
  };
}

/** Why nothing is offered of an entitlement that there is; null where something is. */
export function whyNotOffered(
  policy: Policy,
  chosen: Chosen,
  facts: ChoiceFacts,
): PolicyRefusal | null {
  const shortest = offeredBy(policy, chosen, facts)?.shortest;
  return shortest && !shortest.permitted ? shortest.refusal : null;
}

/** By what is chosen of for whom and from when; where that is refused, by what the rule offers to the requester alone. */
function offeredBy(policy: Policy, chosen: Chosen, facts: ChoiceFacts) {
  const roles = membersOf(policy).entitlements.get(chosen.entitlement)?.roles ?? [];
  // Stryker disable next-line ConditionalExpression,EqualityOperator: no rule tells the roles of an entitlement apart
  const role = chosen.role !== null && roles.includes(chosen.role) ? chosen.role : roles[0];
  if (role === undefined) return null;
  const judged = (of: Chosen) => (durationSeconds: number) =>
    preview(policy, askFor(of, { role, durationSeconds }), undecided(facts));
  const asChosen = judged(chosen);
  const shortest = asChosen(SHORTEST_SECONDS);
  if (shortest.permitted) return { roles, role, verdictFor: asChosen, shortest };
  const forThemself = judged({ ...chosen, subject: null });
  return { roles, role, verdictFor: forThemself, shortest: forThemself(SHORTEST_SECONDS) };
}

// Stryker disable next-line ArrayDeclaration: a text is nobody's approval
const undecided = (facts: ChoiceFacts): PolicyFacts => ({ ...facts, approvals: [] });

/** What a rule offers: nothing is judged yet but who, what and when. */
const askFor = (
  { requester, subject, entitlement, start, breakGlass }: Chosen,
  part: { role: string; durationSeconds: number },
) =>
  ({
    ...part,
    requester,
    subject: subject ?? requester,
    entitlement,
    start: start ?? null,
    justification: { accepted: true },
    breakGlass: breakGlass != null,
  }) as const;

/** All that is chosen so far, as it would be asked; of words only what is there. */
function wholeAsk(chosen: Chosen, part: { role: string; durationSeconds: number }): Ask {
  const incident = chosen.breakGlass?.incident ?? null;
  return {
    ...askFor(chosen, part),
    // Stryker disable next-line BooleanLiteral: that it is there is what counts
    justification: { unwritten: true },
    ...(incident === null ? {} : { incident }),
    ...(chosen.window ? { window: chosen.window } : {}),
  };
}

function wantedReason(policy: Policy, { rule }: Permitted): Choices['justification'] {
  const found = policy.rules.find(({ id }) => id === rule);
  // Stryker disable next-line ConditionalExpression,LogicalOperator: there is one, and one for an emergency asks for no reason
  const wanted = found && 'justification' in found ? found.justification : undefined;
  return { min: wanted?.min ?? 0, ticket: wanted?.ticket?.pattern ?? null };
}

function emergencyOf(policy: Policy, terms: Permitted): Emergency | null {
  const rule = policy.rules.find(({ id }) => id === terms.rule);
  return rule && 'break_glass' in rule ? { terms, incident: rule.break_glass } : null;
}
