/**
 * What a form may offer for one entitlement: its roles, the lengths its rule allows and what each costs in approvals, and the
 * verdict about what is chosen so far. Suggestions only, by the evidence at hand: the evaluator judges again on submit.
 */
import { type PolicyFacts, preview, type Verdict } from './evaluate.ts';
import { membersOf } from './members.ts';
import type { Policy } from './policy.ts';

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
  /** About the chosen role and length; about what is proposed where nothing is chosen. */
  readonly verdict: Verdict;
};

export type Chosen = {
  /** Slack id; asks for themself. */
  readonly requester: string;
  readonly entitlement: string;
  readonly role: string | null;
  readonly durationSeconds: number | null;
};
export type ChoiceFacts = Omit<PolicyFacts, 'approvals' | 'candidate'>;

/** Null for what this person may not ask for now. */
export function choicesFor(policy: Policy, chosen: Chosen, facts: ChoiceFacts): Choices | null {
  const roles = membersOf(policy).entitlements.get(chosen.entitlement)?.roles ?? [];
  const role = chosen.role !== null && roles.includes(chosen.role) ? chosen.role : roles[0];
  if (role === undefined) return null;
  const verdictFor = (durationSeconds: number): Verdict =>
    preview(policy, askFor(chosen, { role, durationSeconds }), { ...facts, approvals: [] });
  const shortest = verdictFor(SHORTEST_SECONDS);
  if (!shortest.permitted) return null;
  const longest = shortest.maxDurationSeconds;
  const lengths = [...USUAL_SECONDS.filter((seconds) => seconds < longest), longest];
  const durations = lengths.flatMap((seconds) => {
    const verdict = verdictFor(seconds);
    return verdict.permitted ? [{ seconds, approvalsNeeded: verdict.approvals.needed }] : [];
  });
  const proposedSeconds =
    durations.findLast(({ seconds }) => seconds <= PROPOSED_SECONDS)?.seconds ?? longest;
  return {
    entitlement: chosen.entitlement,
    roles,
    durations,
    proposedSeconds,
    justification: wantedReason(policy, shortest),
    verdict: verdictFor(chosen.durationSeconds ?? proposedSeconds),
  };
}

const askFor = (
  { requester, entitlement }: Chosen,
  part: { role: string; durationSeconds: number },
) =>
  ({
    ...part,
    requester,
    subject: requester,
    entitlement,
    justification: { accepted: true },
    breakGlass: false,
  }) as const;

function wantedReason(policy: Policy, { rule }: Permitted): Choices['justification'] {
  const found = policy.rules.find(({ id }) => id === rule);
  const wanted = found && 'justification' in found ? found.justification : undefined;
  return { min: wanted?.min ?? 0, ticket: wanted?.ticket?.pattern ?? null };
}
