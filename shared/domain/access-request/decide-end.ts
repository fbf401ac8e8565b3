/**
 * Ending and extending a grant. Ending is easy on purpose: whoever may approve it, asked for it, holds it or
 * administers may end it, and stale evidence never stands in the way. Extending is an approval.
 */
import { membersOf } from '../policy/members.ts';
import { ok, refuse } from '../result.ts';
import { type EndGrant, type ExpireGrant, type ExtendGrant, wrongStatus } from './command.ts';
import { about, type Decision } from './decision.ts';
import { candidateRefusal, type Facts, judgeRequest, type Permitted } from './facts.ts';
import type { AccessRequest, InStatus, RevokeCause } from './model.ts';

type Live = InStatus<'activating'> | InStatus<'active'>;
const ADMIN_ROLE = 'admin';

export function endGrant(state: AccessRequest, command: EndGrant, facts: Facts): Decision {
  if (state.status !== 'activating' && state.status !== 'active') return refuse(wrongStatus(state));
  const cause =
    command.actor.kind === 'person' ? mayEnd(state, command.actor.id, facts) : command.actor.kind;
  if (!cause) return refuse({ code: 'not-allowed-to-end' });
  return ok([{ type: 'GrantRevoked', ...about(command, facts), cause, reason: command.reason }]);
}

/** Why this person may end the grant early, or null. */
function mayEnd(state: Live, person: string, facts: Facts): RevokeCause | null {
  if (person === state.requester || person === state.subject) return 'requester';
  if (state.approvals.some((approval) => approval.approver === person)) return 'approver';
  const policy = facts.policies[0].policy;
  if (membersOf(policy).bySlack.get(person)?.roles.has(ADMIN_ROLE)) return 'admin';
  const verdict = judgeRequest(facts, state, { approvals: [] });
  return verdict.ok && verdict.value[0].approvers.includes(person) ? 'approver' : null;
}

export function expireGrant(state: AccessRequest, command: ExpireGrant, facts: Facts): Decision {
  if (state.status !== 'activating' && state.status !== 'active') return refuse(wrongStatus(state));
  return facts.now.toISOString() < state.expiresAt
    ? refuse({ code: 'not-due', dueAt: state.expiresAt })
    : ok([{ type: 'GrantExpired', ...about(command, facts) }]);
}

export function extendGrant(state: AccessRequest, command: ExtendGrant, facts: Facts): Decision {
  if (state.status !== 'active') return refuse(wrongStatus(state));
  if (facts.now.toISOString() >= state.expiresAt) return refuse(wrongStatus(state));
  const verdicts = judgeRequest(facts, state, { candidate: command.actor.id, approvals: [] });
  if (!verdicts.ok) return verdicts;
  const expiresMs = Date.parse(state.expiresAt) + command.bySeconds * 1000;
  const total = (expiresMs - Date.parse(state.authorizedAt)) / 1000;
  const barred = verdicts.value.map(candidateRefusal).find((refusal) => refusal !== null);
  if (barred) return refuse(barred);
  const longest = Math.min(
    ...verdicts.value.map((verdict) => longestTotal(verdict, state.grantSeconds)),
  );
  if (!(command.bySeconds > 0 && total <= longest))
    return refuse({ code: 'extension-too-long', maxTotalSeconds: longest });
  const factor = facts.code?.contentHash === state.contentHash ? facts.code.factor : null;
  if (verdicts.value.some((v) => v.codeFrom.approver) && !factor)
    return refuse({ code: 'code-required', from: 'approver' });
  return ok([
    {
      type: 'GrantExtended',
      ...about(command, facts),
      expiresAt: new Date(expiresMs).toISOString(),
      policyHash: facts.policies[0].hash,
      factor,
    },
  ]);
}

/**
 * One person cannot add to what several had to approve. Without `max_total` a rule allows no more than may be
 * asked at once.
 */
function longestTotal(verdict: Permitted, grantedSeconds: number): number {
  if (verdict.approvals.needed > 1) return grantedSeconds;
  return verdict.maxTotalSeconds ?? verdict.maxDurationSeconds;
}
