/**
 * What the shell must know before `decide` may be asked, and the one call from requests to the policy
 * evaluator. The stricter of today's policy and the policy of the ask wins: both must permit.
 */
import { type Approval, type Ask, evaluate, type Verdict } from '../policy/evaluate.ts';
import type { PersonEvidence } from '../policy/identity.ts';
import type { Policy } from '../policy/policy.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { CodeEvidence, Refusal } from './command.ts';
import type { KnownRequest } from './model.ts';

export type PolicyInForce = { policy: Policy; hash: string };

export type Facts = {
  now: Date;
  /** The active policy first; then the one under which the request was asked, where it differs. */
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
  /** The actor's verified code for this decision, if one was given. */
  code: CodeEvidence | null;
  /** Request that already waits for the same subject, entitlement and role. */
  pending: string | null;
};

export type Permitted = Extract<Verdict, { permitted: true }>;
type Question = Omit<Ask, 'breakGlass'> & {
  approvals: readonly Approval[];
  candidate?: string;
};

/** Asks every policy in force. Permitted only when all permit; the first verdict is today's. */
export function judge(
  facts: Facts,
  question: Question,
): Result<readonly [Permitted, ...Permitted[]], Refusal> {
  const { approvals, candidate, ...ask } = question;
  const verdicts = facts.policies.map(({ policy }) =>
    evaluate(
      policy,
      { ...ask, breakGlass: false },
      {
        now: facts.now,
        teamId: facts.teamId,
        evidence: facts.evidence,
        linkedAccounts: facts.linkedAccounts,
        approvals,
        ...(facts.reachableProviders === undefined
          ? {}
          : { reachableProviders: facts.reachableProviders }),
        ...(candidate === undefined ? {} : { candidate }),
      },
    ),
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

/** The same question for a request that exists: its words were accepted when it was asked. */
export function judgeRequest(
  facts: Facts,
  state: Exclude<KnownRequest, { status: 'new' }>,
  options: { candidate?: string; approvals?: readonly Approval[]; durationSeconds?: number } = {},
): Result<readonly [Permitted, ...Permitted[]], Refusal> {
  return judge(facts, {
    requester: state.requester,
    subject: state.subject,
    entitlement: state.entitlement.id,
    role: state.entitlement.role,
    durationSeconds: options.durationSeconds ?? state.durationSeconds,
    justification: { accepted: true },
    approvals: options.approvals ?? standingApprovals(state, facts),
    ...(options.candidate === undefined ? {} : { candidate: options.candidate }),
  });
}

/**
 * Approvals that were given since their approver's authenticator was last reset as lost: an earlier one may have been given by
 * somebody else, who had it in hand.
 */
export const standingApprovals = (
  { approvals }: Pick<KnownRequest, 'approvals'>,
  { approvalsVoidUntil }: Pick<Facts, 'approvalsVoidUntil'>,
): KnownRequest['approvals'] =>
  approvals.filter(({ approver, at }) => at > (approvalsVoidUntil.get(approver) ?? ''));

/** Why the person who acts may not decide, or null when they may. An unanswered question counts as no. */
export function candidateRefusal(verdict: Permitted): Refusal | null {
  if (!verdict.candidate) return { code: 'not-an-approver', from: [] };
  return verdict.candidate.may ? null : verdict.candidate.refusal;
}
