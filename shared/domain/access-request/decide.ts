/**
 * Decides what a command means for an access request. Pure: no clock, no I/O, no exceptions.
 *
 * Nothing else may authorize a grant: GrantAuthorized is made in this file only, after every policy in
 * force (today's and the one of the ask) was satisfied by distinct humans. Effects report here too; a
 * report is believed only with its evidence.
 */
import { contentHash } from '../audit/chain.ts';
import { ticketAsked } from '../policy/ticket.ts';
import { ok, refuse, unreachable } from '../result.ts';
import {
  type Command,
  type ConfirmRemoved,
  type LapseRequest,
  type ReportActivationFailed,
  type ReportRemovalFailed,
  type RequestAccess,
  type WithdrawRequest,
  wrongStatus,
} from './command.ts';
import { approve, deny } from './decide-approval.ts';
import { askedInEmergency, noteOverdueReview, reviewBreakGlass } from './decide-break-glass.ts';
import { endGrant, expireGrant, mayEndAnything } from './decide-end.ts';
import {
  approveExtension,
  denyExtension,
  requestExtension,
  withdrawExtension,
} from './decide-extension.ts';
import { authorization, startGrant } from './decide-start.ts';
import { escalate, nudge, plannedEscalation } from './decide-waiting.ts';
import { about, after, type Decision } from './decision.ts';
import type { AccessRequestEvent } from './events.ts';
import { type Facts, judge, timeOf, todaysPolicies } from './facts.ts';
import { halted, obeyStop } from './halted.ts';
import type { AccessRequest, KnownRequest } from './model.ts';

export function decide(state: AccessRequest, command: Command, facts: Facts): Decision {
  const halt = halted(state, command, facts);
  if (halt) return refuse(halt);
  switch (command.type) {
    case 'RequestAccess':
      return requestAccess(state, command, facts);
    case 'ApproveRequest':
      return approve(state, command, facts);
    case 'DenyRequest':
      return deny(state, command, facts);
    case 'WithdrawRequest':
      return withdraw(state, command, facts);
    case 'EndGrant':
      return endGrant(state, command, facts);
    case 'RequestExtension':
      return requestExtension(state, command, facts);
    case 'ApproveExtension':
      return approveExtension(state, command, facts);
    case 'DenyExtension':
      return denyExtension(state, command, facts);
    case 'NudgeApprovers':
      return nudge(state, command, facts);
    case 'ObeyStop':
      return obeyStop(state, command, facts);
    case 'EscalateRequest':
      return escalate(state, command, facts);
    case 'StartGrant':
      return startGrant(state, command, facts);
    case 'ReviewBreakGlass':
      return reviewBreakGlass(state, command, facts);
    case 'NoteOverdueReview':
      return noteOverdueReview(state, command, facts);
    case 'LapseRequest':
      return lapse(state, command, facts);
    case 'ExpireGrant':
      return expireGrant(state, command, facts);
    case 'ConfirmActivated':
      return state.status === 'activating'
        ? ok([
            {
              type: 'GrantActivated',
              ...about(command, facts),
              accountId: command.accountId,
              readBackAt: command.readBackAt,
            },
          ])
        : refuse(wrongStatus(state));
    case 'ReportActivationFailed':
      return activationFailed(state, command, facts);
    case 'ConfirmRemoved':
      return confirmRemoved(state, command, facts);
    case 'ReportRemovalFailed':
      return removalFailed(state, command, facts);
    default:
      return unreachable(command);
  }
}

function requestAccess(state: AccessRequest, command: RequestAccess, facts: Facts): Decision {
  if (state.status !== 'new') return refuse(wrongStatus(state));
  const verdict = judge(facts, {
    requester: command.actor.id,
    subject: command.subject,
    entitlement: command.entitlement.id,
    role: command.entitlement.role,
    durationSeconds: command.durationSeconds,
    justification: { text: command.justification.text },
    start: command.start,
    ...timeOf(command.start, command.durationSeconds),
    breakGlass: command.breakGlass !== null,
    incident: command.breakGlass?.incident ?? null,
    approvals: [],
  });
  if (!verdict.ok) return verdict;
  if (facts.pending && facts.pending !== command.requestId)
    return refuse({ code: 'already-pending', requestId: facts.pending });
  const policy = facts.policies[0];
  const permitted = verdict.value[0];
  const glass = askedInEmergency(command, verdict.value, facts);
  if (!glass.ok) return glass;
  const content = contentOf(command, policy.hash);
  const coded = facts.code?.contentHash === content ? facts.code.factor : null;
  const codeFrom = {
    requester: verdict.value.some((each) => each.codeFrom.requester),
    approver: verdict.value.some((each) => each.codeFrom.approver),
  };
  if (codeFrom.requester && !coded) return refuse({ code: 'code-required', from: 'requester' });
  const requested: AccessRequestEvent = {
    type: 'AccessRequested',
    ...about(command, facts),
    v: 2,
    requester: command.actor.id,
    subject: command.subject,
    entitlement: command.entitlement,
    holdingId: command.holdingId,
    durationSeconds: command.durationSeconds,
    justification: command.justification.commitment,
    contentHash: content,
    rule: permitted.rule,
    policyHash: policy.hash,
    approvalsNeeded: Math.max(...verdict.value.map((each) => each.approvals.needed)),
    codeFrom,
    lapsesAt: lapsesAt(command, permitted.lapseAfterSeconds, facts),
    channel: permitted.channel,
    factor: coded,
    start: command.start,
    ticket: ticketAsked(policy.policy, permitted.rule, command.justification.text),
    breakGlass: glass.value,
  };
  if (!verdict.value.every((each) => each.approvals.satisfied))
    return ok([requested, ...plannedEscalation(command, permitted, facts)]);
  return ok([
    requested,
    authorization(command, facts, {
      durationSeconds: command.durationSeconds,
      start: command.start,
      approvers: [],
    }),
  ]);
}

/** What every approval and every code of an ask is bound to. The ticket is in the words, and its pattern in the policy. */
export const contentOf = (command: Omit<RequestAccess, 'requestId'>, policyHash: string): string =>
  contentHash({
    requester: command.actor.id,
    subject: command.subject,
    entitlement: command.entitlement.id,
    role: command.entitlement.role,
    durationSeconds: command.durationSeconds,
    justification: command.justification.commitment,
    policyHash,
    ...(command.start && { start: command.start }),
    ...(command.breakGlass && { breakGlass: command.breakGlass }),
  });

/** What is asked for later waits until then, and is approved ahead or not at all. */
function lapsesAt({ start }: RequestAccess, lapseAfterSeconds: number, facts: Facts): string {
  return start ? (start.until ?? start.notBefore) : after(facts.now, lapseAfterSeconds);
}

function withdraw(state: AccessRequest, command: WithdrawRequest, facts: Facts): Decision {
  const { actor } = command;
  if (state.status === 'active' && state.extension && actor.kind === 'person')
    return withdrawExtension(state, { ...command, actor }, facts);
  if (state.status !== 'pending' && state.status !== 'scheduled') return refuse(wrongStatus(state));
  return actor.kind === 'sweep' || mayWithdraw(state, actor.id, facts)
    ? ok([{ type: 'RequestWithdrawn', ...about(command, facts) }])
    : refuse({ code: 'not-your-request' });
}

const mayWithdraw = (
  { requester, subject }: Pick<KnownRequest, 'requester' | 'subject'>,
  person: string,
  facts: Facts,
): boolean =>
  person === requester || person === subject || mayEndAnything(todaysPolicies(facts), person);

function lapse(state: AccessRequest, command: LapseRequest, facts: Facts): Decision {
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  return facts.now.toISOString() < state.lapsesAt
    ? refuse({ code: 'not-due', dueAt: state.lapsesAt })
    : ok([{ type: 'RequestLapsed', ...about(command, facts) }]);
}

function activationFailed(
  state: AccessRequest,
  command: ReportActivationFailed,
  facts: Facts,
): Decision {
  if (state.status !== 'activating') return refuse(wrongStatus(state));
  const { code, evidence } = command;
  return ok([{ type: 'ActivationFailed', ...about(command, facts), code, evidence }]);
}

function confirmRemoved(state: AccessRequest, command: ConfirmRemoved, facts: Facts): Decision {
  if (state.status !== 'removing') return refuse(wrongStatus(state));
  const { outcome, readBackAt } = command;
  // Without a read-back only a grant that never became active may end, and only as never granted.
  const needless = outcome === 'never-granted' && state.activatedAt === null;
  if (readBackAt === null && !needless) return refuse(wrongStatus(state));
  return ok([{ type: 'GrantRemoved', ...about(command, facts), outcome, readBackAt }]);
}

function removalFailed(state: AccessRequest, command: ReportRemovalFailed, facts: Facts): Decision {
  if (state.status !== 'removing') return refuse(wrongStatus(state));
  const attempt = state.removalFailures + 1;
  return ok([{ type: 'RemovalFailed', ...about(command, facts), code: command.code, attempt }]);
}
