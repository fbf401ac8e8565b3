/**
 * The one sentence that says where a request stands. Access is called active or gone only in states that exist after a
 * read-back; everything before is "being set up" or "ending".
 */
import { endOf } from '../../../shared/application/card-facts.ts';
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { unreachable } from '../../../shared/domain/result.ts';
import { code } from './escape.ts';
import type { CardFacts } from './facts.ts';
import { dayAndTime, span } from './instants.ts';
import { actorName, forHowLong, forLess, mentions } from './parts.ts';

export function headline(state: KnownRequest, facts: CardFacts): string {
  if (facts.overdue) return overdueLine(state, facts.now);
  switch (state.status) {
    case 'pending':
      return pendingLine(state, facts);
    case 'denied':
      return `*Denied* by ${actorName(state.closedBy)}`;
    case 'withdrawn':
      return state.closedBy.kind === 'sweep'
        ? '*Withdrawn*: who asked for it, or was to have it, left the workspace'
        : `*Withdrawn* by ${actorName(state.closedBy)}`;
    case 'lapsed':
      return `*Lapsed*: nobody answered before ${dayAndTime(state.lapsesAt)}`;
    case 'scheduled':
      return scheduledLine(state);
    case 'not-started':
      return `*Not started*: ${notStartedWhy(state)}. Nobody had any access.`;
    case 'activating':
      return `${grantingWords(facts)} approved by ${approversOf(state)}${less(state)}; ends ${dayAndTime(state.expiresAt)}`;
    case 'active':
      return `*Active until ${dayAndTime(state.expiresAt)} · verified* · approved by ${approversOf(state)}${less(state)}`;
    case 'removing':
      return `*Ending…* ${endedWhy(state)}; not verified yet`;
    case 'ended':
      return endedLine(state);
    case 'failed':
      return `*Failed*: the provider did not take it (${code(state.failure)}). No access was left behind.`;
    default:
      return unreachable(state);
  }
}

/** What waits during a pause is set up when it is lifted, if its own end has not come by then. */
function grantingWords({ halted }: CardFacts): string {
  if (halted === null) return '*Granting…*';
  if (halted.code === 'everything-stopped') return '*Will not be granted: everything is stopped* ·';
  const where = halted.scope === 'all' ? 'every provider' : code(halted.scope);
  return `*Waits: new access is paused for ${where}*, nobody has any access yet ·`;
}

function scheduledLine(state: InStatus<'scheduled'>): string {
  const { start, grantSeconds, durationSeconds } = state;
  const by = `approved by ${approversOf(state)}`;
  const long = grantSeconds < durationSeconds ? forLess(grantSeconds, durationSeconds) : '';
  if (!start) return `*Approved*: ${by}${long}`;
  return start.until === null
    ? `*Begins by itself ${dayAndTime(start.notBefore)}* · ${by}${long}`
    : `*To be started by its holder* between ${dayAndTime(start.notBefore)} and ${dayAndTime(start.until)}, when it ends at the latest · ${by}${long}`;
}

function notStartedWhy({ why, closedBy, start }: InStatus<'not-started'>): string {
  if (why === 'window-closed' && start?.until)
    return `its window closed ${dayAndTime(start.until)}, and nobody had started it`;
  if (why === 'ended') return `called off by ${actorName(closedBy)}`;
  if (why === 'too-late') return 'it could not begin before its own end';
  return `the policy no longer allowed it when it was to begin (${code(why)})`;
}

const approversOf = ({ approvals, breakGlass }: KnownRequest): string => {
  if (breakGlass) return 'nobody (break-glass)';
  return approvals.length === 0
    ? 'the rule itself'
    : mentions(approvals.map((each) => each.approver));
};

/** Where approvers gave less than was asked. */
const less = ({ grantSeconds, durationSeconds }: InStatus<'activating' | 'active'>): string =>
  grantSeconds < durationSeconds ? forLess(grantSeconds, durationSeconds) : '';

/** Whose approval no longer counts, and why: what was given is gone until somebody approves anew. */
export const voidedLine = ({ voided }: CardFacts): string =>
  voided.length === 0
    ? ''
    : `\n:warning: The approval of ${mentions(voided)} no longer counts: their authenticator was reset as lost.`;

function pendingLine(state: InStatus<'pending'>, { voided }: CardFacts): string {
  const { approvalsNeeded, durationSeconds, lapsesAt } = state;
  const approvals = state.approvals.filter(({ approver }) => !voided.includes(approver));
  const shortest = Math.min(durationSeconds, ...approvals.map((each) => each.durationSeconds));
  const short = shortest < durationSeconds ? forLess(shortest, durationSeconds) : '';
  const so = approvals.length > 0 ? ` · ${approvals.length} of ${approvalsNeeded}${short}` : '';
  return `*Waiting for approval*${so} · lapses ${dayAndTime(lapsesAt)}`;
}

type Ending = InStatus<'removing'> | InStatus<'ended'>;
function endedWhy(state: Ending): string {
  if (state.endedBecause === 'expired') return 'its time is over';
  if (state.revokeCause === 'ticket') return `its ticket ${code(state.ticket ?? '')} was closed`;
  if (state.revokeCause === 'left') return 'its holder left the workspace';
  return `ended early by ${actorName(state.endedBy)}`;
}

const OUTCOMES: Readonly<Record<InStatus<'ended'>['outcome'], string>> = {
  removed: 'verified gone',
  restored: 'verified: the role held before is back',
  covered: 'verified: another grant still covers it',
  'never-granted': 'nothing had been set up yet',
  left: 'the role is held by other means and was left alone',
};

function endedLine(state: InStatus<'ended'>): string {
  const held =
    state.activatedAt === null
      ? ''
      : ` after ${forHowLong((Date.parse(state.removedAt) - Date.parse(state.activatedAt)) / 1000)}`;
  return `*Ended*${held}: ${endedWhy(state)} · ${OUTCOMES[state.outcome]}`;
}

function overdueLine(state: KnownRequest, now: Date): string {
  const end = endOf(state) ?? now.toISOString();
  const tries = state.status === 'removing' ? state.removalFailures : 0;
  const failed = tries > 0 ? ` (${tries} failed ${tries === 1 ? 'try' : 'tries'} so far)` : '';
  return `:rotating_light: *STILL HAS ACCESS*, ${span(end, now)} past its end, retrying${failed}`;
}
