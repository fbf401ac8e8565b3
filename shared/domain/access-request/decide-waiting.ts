/** While a request or more time waits: its requester may remind the approvers, seldom; a request unanswered for long, others are told, once. Neither gives a right. */
import { preview } from '../policy/evaluate.ts';
import { ok, type Result, refuse } from '../result.ts';
import {
  type EscalateRequest,
  type NudgeApprovers,
  type Refusal,
  type RequestAccess,
  wrongStatus,
} from './command.ts';
import { about, after, type Decision } from './decision.ts';
import type { AccessRequestEvent } from './events.ts';
import type { Facts, Permitted } from './facts.ts';
import { type AccessRequest, escalationDueAt, type InStatus } from './model.ts';

export const NUDGES = { most: 3, apartSeconds: 15 * 60 } as const;

export function nudge(state: AccessRequest, command: NudgeApprovers, facts: Facts): Decision {
  const question = questionOf(state, facts);
  if (!question.ok) return question;
  const known = question.value.state;
  const { nudgedAt } = question.value;
  const now = facts.now.toISOString();
  const own = command.actor.id === known.requester || command.actor.id === known.subject;
  if (!own) return refuse({ code: 'not-your-request' });
  if (nudgedAt.length >= NUDGES.most) return refuse({ code: 'nudged-enough', most: NUDGES.most });
  const last = nudgedAt.at(-1);
  const nextAt = last && after(new Date(last), NUDGES.apartSeconds);
  if (nextAt && now < nextAt) return refuse({ code: 'nudged-just-now', nextAt });
  return ok([{ type: 'ApproversNudged', ...about(command, facts) }]);
}

/** What approvers have yet to answer: the request, or more time for what is live. */
function questionOf(
  state: AccessRequest,
  facts: Facts,
): Result<{ state: InStatus<'pending' | 'active'>; nudgedAt: readonly string[] }, Refusal> {
  const now = facts.now.toISOString();
  if (state.status === 'active' && state.extension && now < state.expiresAt)
    return ok({ state, nudgedAt: state.extension.nudgedAt });
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  return now >= state.lapsesAt
    ? refuse({ code: 'request-lapsed', lapsedAt: state.lapsesAt })
    : ok({ state, nudgedAt: state.nudgedAt });
}

/** Stands with the ask, so that the instant is known to whoever looks for due work. */
export function plannedEscalation(
  command: RequestAccess,
  { escalate: planned, lapseAfterSeconds }: Permitted,
  facts: Facts,
): AccessRequestEvent[] {
  if (!planned || planned.afterSeconds >= lapseAfterSeconds) return [];
  const dueAt = after(facts.now, planned.afterSeconds);
  return [{ type: 'EscalationPlanned', ...about(command, facts), dueAt }];
}

export function escalate(state: AccessRequest, command: EscalateRequest, facts: Facts): Decision {
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  const now = facts.now.toISOString();
  if (now >= state.lapsesAt) return refuse({ code: 'request-lapsed', lapsedAt: state.lapsesAt });
  const dueAt = escalationDueAt(state);
  if (dueAt === null || now < dueAt)
    return refuse({ code: 'not-due', dueAt: dueAt ?? state.lapsesAt });
  return ok([
    { type: 'RequestEscalated', ...about(command, facts), to: [...toTell(state, facts)] },
  ]);
}

/** By today's policy, and without asking Slack: whoever is told gains nothing by it. */
function toTell(state: InStatus<'pending'>, facts: Facts): readonly string[] {
  const verdict = preview(
    facts.policies[0].policy,
    {
      requester: state.requester,
      subject: state.subject,
      entitlement: state.entitlement.id,
      role: state.entitlement.role,
      durationSeconds: state.durationSeconds,
      justification: { accepted: true },
      breakGlass: state.breakGlass !== null,
    },
    {
      now: facts.now,
      teamId: facts.teamId,
      evidence: new Map(),
      linkedAccounts: new Map(),
      approvals: [],
    },
  );
  return verdict.permitted ? (verdict.escalate?.to ?? []) : [];
}
