/**
 * What the shell must know before `decide` may be asked, and the one call from requests to the policy
 * evaluator. The stricter of today's policy and the policy of the ask wins: both must permit.
 */
import {
  type Approval,
  type Ask,
  evaluate,
  type PolicyFacts,
  type Verdict,
} from '../policy/evaluate.ts';
import type { PersonEvidence } from '../policy/identity.ts';
import type { InForce } from '../policy/in-force.ts';
import type { GroupMembers } from '../policy/members.ts';
import type { Policy } from '../policy/policy.ts';
import type { Use } from '../policy/usage.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { CodeEvidence, Halted, Refusal } from './command.ts';
import type { GlassTaken } from './decide-break-glass.ts';
import type { KnownRequest, Start } from './model.ts';

/** `past`: in force no more, what waits was asked under it. */
export type PolicyInForce = { policy: Policy; hash: string; past?: true };

export type Facts = {
  now: Date;
  /** The active policy first, then a wider one that waits; then the one under which the request was asked, where it differs. */
  policies: readonly [PolicyInForce, ...PolicyInForce[]];
  /** Slack workspace that people must belong to. */
  teamId: string;
  evidence: ReadonlyMap<string, PersonEvidence>;
  /** Immutable provider accounts per Slack user, as `github:12345`. */
  linkedAccounts: ReadonlyMap<string, readonly string[]>;
  /** Approvals of these people up to these instants are void: their authenticator was reset as lost then. */
  approvalsVoidUntil: ReadonlyMap<string, string>;
  /** Providers that this deployment can reach. Left out: whichever the policy names. */
  reachableProviders?: ReadonlySet<string>;
  /** Who is in the groups that matter; a group that is missing here is unknown. */
  groupMembers?: GroupMembers;
  /** How the tickets stand that matter; one that is missing here could not be read. */
  tickets?: NonNullable<PolicyFacts['tickets']>;
  /** Why nothing new is given now; null: it may be. Whoever gives access must have looked. */
  halted: Halted | null;
  /** Who confirmed the stop that stands; null: none does. */
  stoppedBy: string | null;
  /** The actor's verified code for this decision, if one was given. */
  code: CodeEvidence | null;
  /** Request that already waits for the same subject, entitlement and role. */
  pending: string | null;
  /** What the humans of the request did and hold, where a policy in force counts it. */
  usage?: readonly Use[];
  /** What the requester took by break-glass within a week or without a review yet; known to a decision about break-glass. */
  glass: readonly GlassTaken[];
};

export type Permitted = Extract<Verdict, { permitted: true }>;
type Evaluator = (policy: Policy, ask: Ask, facts: PolicyFacts) => Verdict;
type Question = Ask & {
  approvals: readonly Approval[];
  candidate?: string;
  /** Who decides, where nobody's right to is asked: a freeze may except them. */
  decider?: string;
  /** How much has to be proven: everything, where it is left out. */
  by?: Evaluator;
};

/** What must all allow whatever a role lets somebody do: the active policy and a wider one that waits, not that of the ask. */
export function todaysPolicies({ policies }: Pick<Facts, 'policies'>): InForce {
  const [first, ...rest] = policies;
  return [first.policy, ...rest.filter(({ past }) => !past).map(({ policy }) => policy)];
}

/** Asks every policy in force. Permitted only when all permit; the first verdict is today's. */
export function judge(
  facts: Facts,
  question: Question,
): Result<readonly [Permitted, ...Permitted[]], Refusal> {
  const { approvals, candidate, decider, by = evaluate, ...ask } = question;
  const verdicts = facts.policies.map(({ policy }) =>
    by(policy, ask, {
      now: facts.now,
      teamId: facts.teamId,
      evidence: facts.evidence,
      linkedAccounts: facts.linkedAccounts,
      approvals,
      ...(facts.reachableProviders === undefined
        ? {}
        : { reachableProviders: facts.reachableProviders }),
      ...(facts.groupMembers && { groupMembers: facts.groupMembers }),
      ...(facts.tickets && { tickets: facts.tickets }),
      ...(candidate === undefined ? {} : { candidate }),
      ...(decider === undefined ? {} : { decider }),
      ...(facts.usage && { usage: facts.usage }),
    }),
  );
  const permitted: Permitted[] = [];
  for (const verdict of verdicts) {
    if (!verdict.permitted) return refuse(verdict.refusal);
    permitted.push(verdict);
  }
  const [first, ...rest] = permitted;
  if (!first) throw new Error('No policy in force: the shell must refuse before it decides');
  return ok([first, ...rest]);
}

export type JudgeOptions = {
  candidate?: string;
  approvals?: readonly Approval[];
  durationSeconds?: number;
  /** Where it is not that of the ask. */
  window?: Ask['window'];
  decider?: string;
  by?: Evaluator;
  /** For a no, an end and a list: how the ticket stands makes no difference. */
  ticket?: 'left-aside';
};

/** The same question for a request that exists: its words were accepted when it was asked. */
export function judgeRequest(
  facts: Facts,
  state: Exclude<KnownRequest, { status: 'new' }>,
  options: JudgeOptions = {},
): Result<readonly [Permitted, ...Permitted[]], Refusal> {
  return judge(facts, {
    requester: state.requester,
    subject: state.subject,
    entitlement: state.entitlement.id,
    role: state.entitlement.role,
    durationSeconds: options.durationSeconds ?? state.durationSeconds,
    breakGlass: state.breakGlass !== null,
    start: state.start,
    ...(options.window ? { window: options.window } : timeOf(state.start, state.durationSeconds)),
    justification: {
      accepted: true,
      ...(options.ticket || options.by ? {} : { ticket: state.ticket }),
    },
    requestId: state.requestId,
    approvals: options.approvals ?? standingApprovals(state, facts),
    ...(options.candidate === undefined ? {} : { candidate: options.candidate }),
    ...(options.decider === undefined ? {} : { decider: options.decider }),
    ...(options.by && { by: options.by }),
  });
}

/** When the access of an ask for later would be: within its window it can begin last where the window ends. */
export function timeOf(start: Start | null, durationSeconds: number): Pick<Ask, 'window'> {
  if (!start) return {};
  const { notBefore: from, until } = start;
  const to = new Date(Date.parse(from) + durationSeconds * 1000).toISOString();
  return { window: { from, to: until ?? to } };
}

/**
 * Approvals that were given since their approver's authenticator was last reset as lost: an earlier one may have been given by
 * somebody else, who had it in hand.
 */
export const standingApprovals = <A extends { approver: string; at: string }>(
  { approvals }: { readonly approvals: readonly A[] },
  { approvalsVoidUntil }: Pick<Facts, 'approvalsVoidUntil'>,
): A[] => approvals.filter(({ approver, at }) => at > (approvalsVoidUntil.get(approver) ?? ''));

/** The same question under each policy in force alone, today's first. */
export function underEach<T>(facts: Facts, ask: (facts: Facts) => T): readonly [T, ...T[]] {
  const [first, ...rest] = facts.policies;
  const under = (policy: PolicyInForce): T => ask({ ...facts, policies: [policy] });
  return [under(first), ...rest.map(under)];
}

/** Why the person who acts may not decide, or null when they may. An unanswered question counts as no. */
export function candidateRefusal(verdict: Permitted): Refusal | null {
  if (!verdict.candidate) return { code: 'not-an-approver', from: [] };
  return verdict.candidate.may ? null : verdict.candidate.refusal;
}
