/**
 * Approved ahead: what was authorized for later starts at its time, or when its holder starts it within its window. Rights are
 * judged anew at that moment, with the approvals as they count then. Nothing starts before its time, nothing after its window,
 * and the end never moves because the start came late.
 */
import { standsAtStart } from '../policy/evaluate.ts';
import { ok, refuse } from '../result.ts';
import { type Command, type Refusal, type StartGrant, wrongStatus } from './command.ts';
import { about, after, type Decision } from './decision.ts';
import type { AccessRequestEvent } from './events.ts';
import { type Facts, judgeRequest, standingApprovals } from './facts.ts';
import type { AccessRequest, InStatus, Start } from './model.ts';

/** The last approval was there: access at once, or from its start on. Together with a start the only door to access. */
export function authorization(
  command: Command,
  facts: Facts,
  given: { durationSeconds: number; start: Start | null; approvers: readonly string[] },
): AccessRequestEvent {
  const { durationSeconds, start } = given;
  const shared = {
    ...about(command, facts),
    policyHash: facts.policies[0].hash,
    durationSeconds,
    approvers: [...given.approvers],
  };
  return start
    ? { ...shared, type: 'GrantScheduled', start }
    : { ...shared, type: 'GrantAuthorized', expiresAt: after(facts.now, durationSeconds) };
}

type Scheduled = InStatus<'scheduled'>;

export function startGrant(state: AccessRequest, command: StartGrant, facts: Facts): Decision {
  if (state.status !== 'scheduled' || !state.start) return refuse(wrongStatus(state));
  const { notBefore } = state.start;
  if (facts.now.toISOString() < notBefore) return refuse({ code: 'not-due', dueAt: notBefore });
  return command.actor.kind === 'person'
    ? byHolder(state, state.start, { command, facts, person: command.actor.id })
    : byTime(state, state.start, { command, facts });
}

type Step = { readonly command: StartGrant; readonly facts: Facts };

/** What cannot start now never will: that is a fact with its reason, and the request is over. */
function byTime(state: Scheduled, start: Start, step: Step): Decision {
  const { command, facts } = step;
  const at = facts.now.toISOString();
  const not = (why: string): Decision =>
    ok([{ type: 'GrantNotStarted', ...about(command, facts), why, reason: null }]);
  if (start.until !== null)
    return at < start.until
      ? refuse({ code: 'not-due', dueAt: start.until })
      : not('window-closed');
  if (at >= endOf(state, start, facts)) return not('too-late');
  const barred = notStanding(state, facts, 'timer');
  return barred ? not(barred.code) : started(state, start, { ...step, factor: null });
}

function byHolder(state: Scheduled, start: Start, step: Step & { person: string }): Decision {
  const { facts, person } = step;
  if (person !== state.requester && person !== state.subject)
    return refuse({ code: 'not-your-request' });
  const latest = start.until ?? endOf(state, start, facts);
  if (facts.now.toISOString() >= latest) return refuse({ code: 'window-closed', until: latest });
  const barred = notStanding(state, facts, 'person');
  if (barred) return refuse(barred);
  const factor = facts.code?.contentHash === state.contentHash ? facts.code.factor : null;
  if (state.codeFrom.requester && !factor)
    return refuse({ code: 'code-required', from: 'requester' });
  return started(state, start, { ...step, factor });
}

/** Within its window access lasts as long as was approved, and is over with the window; otherwise it ends when it was to end. */
function endOf(state: Scheduled, start: Start, facts: Facts): string {
  const long = state.grantSeconds;
  if (start.until === null) return after(new Date(start.notBefore), long);
  const end = after(facts.now, long);
  return [end, start.until].sort()[0] ?? end;
}

/** The approvals it rests on that still count: given with a code where one was due, by nobody whose authenticator was lost since. */
const standing = (state: Scheduled, facts: Facts) =>
  standingApprovals(state, facts).filter(
    ({ approver, coded }) =>
      state.approvers.includes(approver) && (coded || !state.codeFrom.approver),
  );

/** Why rights do not reach that far any more, or null. Every policy in force must still stand behind it and its approvals. */
function notStanding(state: Scheduled, facts: Facts, by: 'person' | 'timer'): Refusal | null {
  const approvals = standing(state, facts);
  const judged = judgeRequest(facts, state, {
    approvals,
    durationSeconds: state.grantSeconds,
    // Time can ask nobody who somebody is; whoever presses a button is asked about.
    by: standsAtStart(by === 'timer' ? 'at-hand' : 'fresh'),
  });
  if (!judged.ok) return judged.error;
  // Time cannot ask who is in a group now: under the very policy that counted them, approvals that stand still count.
  const isSame = facts.policies.length === 1 && approvals.length === state.approvers.length;
  if (isSame && (by === 'timer' || approvals.length === 0)) return null;
  const short = judged.value.find((verdict) => !verdict.approvals.satisfied)?.approvals;
  if (!short) return null;
  return { code: 'approvals-no-longer-count', needed: short.needed, have: short.have };
}

function started(
  state: Scheduled,
  start: Start,
  { command, facts, factor }: Step & { factor: NonNullable<Facts['code']>['factor'] | null },
): Decision {
  const policyHash = facts.policies[0].hash;
  return ok([
    { type: 'GrantStarted', ...about(command, facts), policyHash, factor },
    {
      type: 'GrantAuthorized',
      ...about(command, facts),
      policyHash,
      durationSeconds: state.grantSeconds,
      expiresAt: endOf(state, start, facts),
      approvers: standing(state, facts).map(({ approver }) => approver),
    },
  ]);
}
