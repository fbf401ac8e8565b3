/**
 * Approving and denying. Rights come from the evaluator, under every policy in force, for the person who
 * acts now and anew for everybody who approved earlier. A code counts only for the content it was given for.
 */
import { rightToDecide } from '../policy/evaluate.ts';
import { ok, refuse } from '../result.ts';
import { type ApproveRequest, type DenyRequest, type Refusal, wrongStatus } from './command.ts';
import { authorization } from './decide-start.ts';
import { about, type Decision } from './decision.ts';
import type { AccessRequestEvent } from './events.ts';
import {
  candidateRefusal,
  type Facts,
  judgeRequest,
  standingApprovals,
  underEach,
} from './facts.ts';
import type { AccessRequest, InStatus } from './model.ts';

export function approve(state: AccessRequest, command: ApproveRequest, facts: Facts): Decision {
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  if (facts.now.toISOString() >= state.lapsesAt)
    return refuse({ code: 'request-lapsed', lapsedAt: state.lapsesAt });
  if (command.contentHash !== state.contentHash) return refuse({ code: 'content-changed' });
  const durationSeconds = command.shortenToSeconds ?? state.durationSeconds;
  if (durationSeconds > state.durationSeconds)
    return refuse({ code: 'duration-not-shorter', askedSeconds: state.durationSeconds });
  const decider = command.actor.id;
  const asked = judgeRequest(facts, state, { durationSeconds, decider });
  if (!asked.ok) return asked;
  const codeNeeded = state.codeFrom.approver || asked.value.some((v) => v.codeFrom.approver);
  const earlier = standingApprovals(state, facts).filter(
    (approval) =>
      (approval.coded || !codeNeeded) &&
      counts(state, approval, { command, facts, durationSeconds }),
  );
  const step = { command, facts, earlier, durationSeconds };
  const barred = approverRefusal(state, step);
  if (barred) return refuse(barred);
  const factor = facts.code?.contentHash === state.contentHash ? facts.code.factor : null;
  if (codeNeeded && !factor) return refuse({ code: 'code-required', from: 'approver' });
  const approved: AccessRequestEvent = {
    type: 'RequestApproved',
    ...about(command, facts),
    contentHash: state.contentHash,
    policyHash: facts.policies[0].hash,
    durationSeconds,
    factor,
  };
  return withAuthorization(state, { ...step, approved });
}

type Pending = InStatus<'pending'>;
type Approval = Pending['approvals'][number];
type Step = {
  command: ApproveRequest;
  facts: Facts;
  /** Earlier approvals that count today, as if they were given now. */
  earlier: readonly Approval[];
  durationSeconds: number;
};

/** Judged on its own: does every policy in force still accept this person as an approver? */
function counts(state: Pending, approval: Approval, step: Omit<Step, 'earlier'>): boolean {
  const { facts, durationSeconds } = step;
  const decider = step.command.actor.id;
  const alone = judgeRequest(facts, state, { approvals: [approval], durationSeconds, decider });
  return alone.ok && alone.value.every((verdict) => verdict.approvals.have > 0);
}

function approverRefusal(state: Pending, step: Step): Refusal | null {
  const { command, facts, earlier: approvals, durationSeconds } = step;
  const candidate = command.actor.id;
  const verdicts = judgeRequest(facts, state, { candidate, approvals, durationSeconds });
  if (!verdicts.ok) return verdicts.error;
  return verdicts.value.map(candidateRefusal).find((refusal) => refusal !== null) ?? null;
}

function withAuthorization(
  state: Pending,
  step: Step & { approved: AccessRequestEvent },
): Decision {
  const { command, facts, approved, earlier } = step;
  const durationSeconds = Math.min(
    step.durationSeconds,
    ...earlier.map((approval) => approval.durationSeconds),
  );
  const approvals = [...earlier, { approver: command.actor.id, at: facts.now.toISOString() }];
  const decider = command.actor.id;
  const now = judgeRequest(facts, state, { approvals, durationSeconds, decider });
  if (!now.ok) return now;
  if (now.value.some((verdict) => !verdict.approvals.satisfied)) return ok([approved]);
  return ok([
    approved,
    authorization(command, facts, {
      durationSeconds,
      start: state.start,
      approvers: approvals.map((approval) => approval.approver),
    }),
  ]);
}

/**
 * One denial ends it. Whoever could approve it may deny it: under any policy in force, whether or not their approval
 * would still be needed. Saying no must not fail because the policy has meanwhile said no itself.
 */
export function deny(state: AccessRequest, command: DenyRequest, facts: Facts): Decision {
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  const { actor, reason } = command;
  const answers = underEach(facts, (each) => mayDecide(state, actor.id, each));
  const [barred, ...others] = answers;
  // Somebody who approved may change their mind, even when the right is gone; who they are must be proven all the same.
  const regrets = state.approvals.some((approval) => approval.approver === actor.id);
  const unproven = answers.some((refusal) => refusal !== null && UNPROVEN.has(refusal.code));
  if (barred && !others.includes(null) && (unproven || !regrets)) return refuse(barred);
  return ok([{ type: 'RequestDenied', ...about(command, facts), reason }]);
}

const UNPROVEN = new Set<Refusal['code']>(['evidence-stale', 'not-a-full-member']);

function mayDecide(state: InStatus<'pending'>, candidate: string, facts: Facts): Refusal | null {
  const asked = judgeRequest(facts, state, { candidate, approvals: [], by: rightToDecide });
  return asked.ok ? candidateRefusal(asked.value[0]) : asked.error;
}
