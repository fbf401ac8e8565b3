/**
 * While everything is stopped, or new grants are paused, nobody gets anything by a decision: refused before anything else is
 * asked. Saying no, taking back, ending and whatever effects report go on. Pure; a command that is new must say which it is.
 */
import { ok, refuse } from '../result.ts';
import { type Command, type Halted, type ObeyStop, wrongStatus } from './command.ts';
import { about, type Decision } from './decision.ts';
import type { Facts } from './facts.ts';
import type { AccessRequest } from './model.ts';

/** May somebody have access by it, now or later, that they would not have without it? */
const GIVES: Readonly<Record<Command['type'], boolean>> = {
  RequestAccess: true,
  ApproveRequest: true,
  StartGrant: true,
  RequestExtension: true,
  ApproveExtension: true,
  NudgeApprovers: true,
  DenyRequest: false,
  WithdrawRequest: false,
  DenyExtension: false,
  EndGrant: false,
  ObeyStop: false,
  ReviewBreakGlass: false,
  NoteOverdueReview: false,
  LapseRequest: false,
  EscalateRequest: false,
  ExpireGrant: false,
  ConfirmActivated: false,
  ReportActivationFailed: false,
  ConfirmRemoved: false,
  ReportRemovalFailed: false,
};
export const givesAccess = (command: Pick<Command, 'type'>): boolean => GIVES[command.type];

/** What is over stays over: whoever comes too late hears that. */
export function halted(state: AccessRequest, command: Command, facts: Facts): Halted | null {
  if (!givesAccess(command)) return null;
  const waits = ['new', 'pending', 'scheduled', 'active'].includes(state.status);
  return waits ? facts.halted : null;
}

/** By the authority of the stop that stands, whoever the person who confirmed it is by now. */
export function obeyStop(state: AccessRequest, command: ObeyStop, facts: Facts): Decision {
  if (facts.stoppedBy !== command.actor.id) return refuse({ code: 'not-allowed-to-end' });
  if (state.status === 'pending' || state.status === 'scheduled')
    return ok([{ type: 'RequestWithdrawn', ...about(command, facts) }]);
  if (state.status !== 'activating' && state.status !== 'active') return refuse(wrongStatus(state));
  return ok([{ type: 'GrantRevoked', ...about(command, facts), cause: 'admin', reason: null }]);
}
