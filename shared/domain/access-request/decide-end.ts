/**
 * Ending a grant. Easy on purpose: whoever may approve it, asked for it, holds it, administers or is of the security role may
 * end it, and stale evidence never stands in the way.
 */

import { rightToDecide } from '../policy/evaluate.ts';
import type { InForce } from '../policy/in-force.ts';
import { membersOf } from '../policy/members.ts';
import { ok, refuse } from '../result.ts';
import { type EndGrant, type ExpireGrant, wrongStatus } from './command.ts';
import { about, type Decision } from './decision.ts';
import { type Facts, judgeRequest, type Permitted, todaysPolicies } from './facts.ts';
import type { AccessRequest, InStatus, RevokeCause } from './model.ts';

type Live = InStatus<'scheduled' | 'activating' | 'active'>;
/** Of today's policy: they may end whatever is live. */
const ENDING_ROLES = ['admin', 'security'];
/** May this person end whatever anybody holds? */
export const mayEndAnything = (policies: InForce, person: string): boolean =>
  policies.every((policy) => {
    const roles = membersOf(policy).bySlack.get(person)?.roles;
    return ENDING_ROLES.some((role) => roles?.has(role));
  });

export function endGrant(state: AccessRequest, command: EndGrant, facts: Facts): Decision {
  const isLive = state.status === 'activating' || state.status === 'active';
  if (!isLive && state.status !== 'scheduled') return refuse(wrongStatus(state));
  const cause = causeOf(state, command, facts);
  if (!cause) return refuse({ code: 'not-allowed-to-end' });
  const { reason } = command;
  // Nobody has anything yet: there is nothing to take away.
  if (!isLive)
    return ok([{ type: 'GrantNotStarted', ...about(command, facts), why: 'ended', reason }]);
  return ok([{ type: 'GrantRevoked', ...about(command, facts), cause, reason }]);
}

function causeOf(state: Live, { actor, because }: EndGrant, facts: Facts): RevokeCause | null {
  if (actor.kind === 'person') return mayEnd(state, actor.id, facts);
  return actor.kind === 'sweep' ? (because ?? 'ticket') : actor.kind;
}

/** Why this person may end the grant early, or null. */
function mayEnd(state: Live, person: string, facts: Facts): RevokeCause | null {
  if (person === state.requester || person === state.subject) return 'requester';
  if (state.approvals.some((approval) => approval.approver === person)) return 'approver';
  if (mayEndAnything(todaysPolicies(facts), person)) return 'admin';
  const verdict = judgeRequest(facts, state, { approvals: [], by: rightToDecide });
  const decides = ({ approvers }: Permitted, i: number): boolean =>
    facts.policies[i]?.past === true || approvers.includes(person);
  return verdict.ok && verdict.value.every(decides) ? 'approver' : null;
}

export function expireGrant(state: AccessRequest, command: ExpireGrant, facts: Facts): Decision {
  if (state.status !== 'activating' && state.status !== 'active') return refuse(wrongStatus(state));
  return facts.now.toISOString() < state.expiresAt
    ? refuse({ code: 'not-due', dueAt: state.expiresAt })
    : ok([{ type: 'GrantExpired', ...about(command, facts) }]);
}
