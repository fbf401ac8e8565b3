/**
 * Decides what a command means for an access request. Pure: no clock, no I/O, no exceptions.
 *
 * Nothing else may authorize a grant: GrantAuthorized is made in this file only, after every policy in
 * force (today's and the one of the ask) was satisfied by distinct humans. Effects report here too; a
 * report is believed only with its evidence.
 */
import { contentHash } from '../audit/chain.ts';
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
import { endGrant, expireGrant, extendGrant } from './decide-end.ts';
import { about, after, type Decision } from './decision.ts';
import type { AccessRequestEvent } from './events.ts';
import { type Facts, judge } from './facts.ts';
import type { AccessRequest } from './model.ts';

export function decide(state: AccessRequest, command: Command, facts: Facts): Decision {
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
    case 'ExtendGrant':
      return extendGrant(state, command, facts);
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
    approvals: [],
  });
  if (!verdict.ok) return verdict;
  if (facts.pending && facts.pending !== command.requestId)
    return refuse({ code: 'already-pending', requestId: facts.pending });
  const policy = facts.policies[0];
  const permitted = verdict.value[0];
  const content = contentHash({
    requester: command.actor.id,
    subject: command.subject,
    entitlement: command.entitlement.id,
    role: command.entitlement.role,
    durationSeconds: command.durationSeconds,
    justification: command.justification.commitment,
    policyHash: policy.hash,
  });
  const coded = facts.code?.contentHash === content ? facts.code.factor : null;
  if (permitted.codeFrom.requester && !coded)
    return refuse({ code: 'code-required', from: 'requester' });
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
    approvalsNeeded: permitted.approvals.needed,
    codeFrom: permitted.codeFrom,
    lapsesAt: after(facts.now, permitted.lapseAfterSeconds),
    channel: permitted.channel,
    factor: coded,
    start: null,
    ticket: null,
    breakGlass: null,
  };
  if (!permitted.approvals.satisfied) return ok([requested]);
  return ok([
    requested,
    {
      type: 'GrantAuthorized',
      ...about(command, facts),
      policyHash: policy.hash,
      durationSeconds: command.durationSeconds,
      expiresAt: after(facts.now, command.durationSeconds),
      approvers: [],
    },
  ]);
}

function withdraw(state: AccessRequest, command: WithdrawRequest, facts: Facts): Decision {
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  const own = command.actor.id === state.requester || command.actor.id === state.subject;
  return own
    ? ok([{ type: 'RequestWithdrawn', ...about(command, facts) }])
    : refuse({ code: 'not-your-request' });
}

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
