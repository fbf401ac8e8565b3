/**
 * More time for a grant that is live: asked for by who asked or holds it, approved as an ask is, unless its rule wants no approval.
 * It moves the end by what was asked, counted from the end that stands, never from now; in total never beyond what every policy in
 * force allows. The question dies with the grant. A code counts only for the very extension its giver saw.
 */
import { digestOf } from '../audit/digest.ts';
import { rightToDecide } from '../policy/evaluate.ts';
import { ok, type Result, refuse } from '../result.ts';
import {
  type ApproveExtension,
  type DenyExtension,
  type Refusal,
  type RequestExtension,
  type WithdrawRequest,
  wrongStatus,
} from './command.ts';
import { about, after, type Decision } from './decision.ts';
import type { AccessRequestEvent } from './events.ts';
import {
  candidateRefusal,
  type Facts,
  judgeRequest,
  type Permitted,
  standingApprovals,
  underEach,
} from './facts.ts';
import type { AccessRequest, Extension, InStatus } from './model.ts';

type Active = InStatus<'active'>;
type Asked = Active & { readonly extension: Extension };
type Verdicts = readonly [Permitted, ...Permitted[]];

/** What approvals of an extension, and the codes given for it, are bound to: this grant, its end as it stands, how much more. */
export const extensionHash = (
  { requestId, contentHash, expiresAt }: Pick<Active, 'requestId' | 'contentHash' | 'expiresAt'>,
  { bySeconds, policyHash }: { bySeconds: number; policyHash: string },
): string => digestOf('extension', { requestId, contentHash, expiresAt, bySeconds, policyHash });

/** May this much more be asked for? Judged alike when a form is opened and when it is sent. */
export function judgeExtensionAsk(
  state: AccessRequest,
  ask: { person: string; bySeconds: number },
  facts: Facts,
): Result<Verdicts, Refusal> {
  const live = liveGrant(state, facts);
  return live.ok ? judgeAsk(live.value, ask, facts) : live;
}

function judgeAsk(
  state: Active,
  { person, bySeconds }: { person: string; bySeconds: number },
  facts: Facts,
): Result<Verdicts, Refusal> {
  const isTheirs = person === state.requester || person === state.subject;
  if (!isTheirs) return refuse({ code: 'not-your-grant' });
  if (state.extension) return refuse({ code: 'extension-pending' });
  return judged(state, { bySeconds, approvals: [] }, facts);
}

export function requestExtension(
  state: AccessRequest,
  command: RequestExtension,
  facts: Facts,
): Decision {
  const { actor, bySeconds } = command;
  const live = liveGrant(state, facts);
  if (!live.ok) return live;
  const verdicts = judgeAsk(live.value, { person: actor.id, bySeconds }, facts);
  if (!verdicts.ok) return verdicts;
  const policyHash = facts.policies[0].hash;
  const contentHash = extensionHash(live.value, { bySeconds, policyHash });
  const factor = facts.code?.contentHash === contentHash ? facts.code.factor : null;
  if (verdicts.value.some((verdict) => verdict.codeFrom.requester) && !factor)
    return refuse({ code: 'code-required', from: 'requester' });
  const free = verdicts.value.every(isFree);
  const asked: AccessRequestEvent = {
    type: 'ExtensionRequested',
    ...about(command, facts),
    ...{ bySeconds, contentHash, policyHash, factor },
    approvalsNeeded: free ? 0 : verdicts.value[0].approvals.needed,
  };
  if (!free) return ok([asked]);
  return ok([asked, moved(live.value, { command, facts, bySeconds })]);
}

const isFree = ({ extensionApproval, approvals }: Permitted): boolean =>
  extensionApproval === 'none' || approvals.satisfied;

export function approveExtension(
  state: AccessRequest,
  command: ApproveExtension,
  facts: Facts,
): Decision {
  const asked = openExtension(state, facts);
  if (!asked.ok) return asked;
  const { extension } = asked.value;
  if (command.contentHash !== extension.contentHash) return refuse({ code: 'content-changed' });
  const { bySeconds } = extension;
  const decider = command.actor.id;
  const all = judged(asked.value, { bySeconds, approvals: [], decider }, facts);
  if (!all.ok) return all;
  const codeNeeded = needsCode(asked.value, all.value);
  const earlier = standingApprovals(extension, facts).filter(
    (approval) =>
      (approval.coded || !codeNeeded) && counts(asked.value, { approval, decider }, facts),
  );
  const mine = judged(asked.value, { bySeconds, approvals: earlier, candidate: decider }, facts);
  if (!mine.ok) return mine;
  const barred = mine.value.map(candidateRefusal).find((refusal) => refusal !== null);
  if (barred) return refuse(barred);
  const factor = facts.code?.contentHash === extension.contentHash ? facts.code.factor : null;
  if (codeNeeded && !factor) return refuse({ code: 'code-required', from: 'approver' });
  const { contentHash } = extension;
  const policyHash = facts.policies[0].hash;
  const approved: AccessRequestEvent = {
    type: 'ExtensionApproved',
    ...about(command, facts),
    ...{ contentHash, policyHash, factor },
  };
  const approvals = [...earlier, { approver: decider, at: facts.now.toISOString() }];
  const now = judged(asked.value, { bySeconds, approvals, decider }, facts);
  if (!now.ok) return now;
  return now.value.every((verdict) => verdict.approvals.satisfied)
    ? ok([approved, moved(asked.value, { command, facts, bySeconds })])
    : ok([approved]);
}

/** Whoever could approve it may say no, under any policy in force; what was live stays as it is until its end. */
export function denyExtension(
  state: AccessRequest,
  command: DenyExtension,
  facts: Facts,
): Decision {
  const asked = openExtension(state, facts);
  if (!asked.ok) return asked;
  const [barred, ...others] = underEach(facts, (each) =>
    mayDeny(asked.value, command.actor.id, each),
  );
  if (barred && !others.includes(null)) return refuse(barred);
  return ok([{ type: 'ExtensionDenied', ...about(command, facts), reason: command.reason }]);
}

function mayDeny(state: Asked, candidate: string, facts: Facts): Refusal | null {
  const judged = judgeRequest(facts, state, { candidate, approvals: [], by: rightToDecide });
  return judged.ok ? candidateRefusal(judged.value[0]) : judged.error;
}

export function withdrawExtension(
  state: AccessRequest,
  command: WithdrawRequest & { actor: { kind: 'person' } },
  facts: Facts,
): Decision {
  const asked = openExtension(state, facts);
  if (!asked.ok) return asked;
  const { requester, subject } = asked.value;
  const own = command.actor.id === requester || command.actor.id === subject;
  return own
    ? ok([{ type: 'ExtensionWithdrawn', ...about(command, facts) }])
    : refuse({ code: 'not-your-request' });
}

/** May this person decide about the extension that waits? `codeNeeded`: as an approver of it. */
export function mayDecideExtension(
  state: AccessRequest,
  candidate: string,
  facts: Facts,
): Result<{ state: Asked; codeNeeded: boolean }, Refusal> {
  const asked = openExtension(state, facts);
  if (!asked.ok) return asked;
  const { bySeconds } = asked.value.extension;
  const approvals = standingApprovals(asked.value.extension, facts);
  const verdicts = judged(asked.value, { bySeconds, approvals, candidate }, facts);
  if (!verdicts.ok) return verdicts;
  const barred = verdicts.value.map(candidateRefusal).find((refusal) => refusal !== null);
  if (barred) return refuse(barred);
  return ok({ state: asked.value, codeNeeded: needsCode(asked.value, verdicts.value) });
}

function openExtension(state: AccessRequest, facts: Facts): Result<Asked, Refusal> {
  const live = liveGrant(state, facts);
  if (!live.ok) return live;
  const { extension } = live.value;
  return extension ? ok({ ...live.value, extension }) : refuse({ code: 'no-extension' });
}

function liveGrant(state: AccessRequest, facts: Facts): Result<Active, Refusal> {
  if (state.status === 'removing' || state.status === 'ended')
    return refuse({ code: 'extension-too-late', endedAt: state.endedAt });
  if (state.status !== 'active') return refuse(wrongStatus(state));
  return facts.now.toISOString() >= state.expiresAt
    ? refuse({ code: 'extension-too-late', endedAt: state.expiresAt })
    : ok(state);
}

const needsCode = ({ codeFrom }: Active, verdicts: Verdicts): boolean =>
  codeFrom.approver || verdicts.some((verdict) => verdict.codeFrom.approver);

type Question = {
  bySeconds: number;
  approvals: readonly { approver: string; at: string }[];
  candidate?: string;
  /** Who decides, where nobody's right to is asked. */
  decider?: string;
};

/** From its authorization to its end then; nothing for a figure that is no time, which is refused as such. */
function wholeTime({ authorizedAt: from, expiresAt }: Active, bySeconds: number) {
  if (!(bySeconds > 0 && bySeconds <= LONGEST_SECONDS)) return {};
  return { window: { from, to: after(new Date(expiresAt), bySeconds) } };
}
const LONGEST_SECONDS = 366 * 86_400;

/** What an ask for this much would be answered, and whether the whole would still be short enough. */
function judged(state: Active, question: Question, facts: Facts): Result<Verdicts, Refusal> {
  const { bySeconds: durationSeconds, ...rest } = question;
  const whole = wholeTime(state, durationSeconds);
  const verdicts = judgeRequest(facts, state, { durationSeconds, ...whole, ...rest });
  if (!verdicts.ok) return verdicts;
  const most = Math.min(...verdicts.value.map((verdict) => longestTotal(verdict, state)));
  const endMs = Date.parse(state.expiresAt) + durationSeconds * 1000;
  const total = (endMs - Date.parse(state.authorizedAt)) / 1000;
  if (total <= most) return verdicts;
  const isFull = most - (total - durationSeconds) < SHORTEST_SECONDS;
  return refuse({
    ...{ code: 'extension-too-long', maxTotalSeconds: most },
    ...(isFull && { full: true }),
  });
}
/** Nobody is given less. */
const SHORTEST_SECONDS = 60;

/** The most, in seconds, that the end may still be moved by at once. */
export const roomFor = (state: Active, verdicts: Verdicts): number => {
  const heldSeconds = (Date.parse(state.expiresAt) - Date.parse(state.authorizedAt)) / 1000;
  return Math.min(
    ...verdicts.map((verdict) =>
      Math.min(verdict.maxDurationSeconds, longestTotal(verdict, state) - heldSeconds),
    ),
  );
};

/** What was taken in an emergency is not drawn out. Without `max_total` a rule allows no more than may be asked at once. */
const longestTotal = (verdict: Permitted, { breakGlass, grantSeconds }: Active): number =>
  breakGlass ? grantSeconds : (verdict.maxTotalSeconds ?? verdict.maxDurationSeconds);

/** Judged on its own: does every policy in force still accept this person as an approver? */
function counts(
  state: Asked,
  { approval, decider }: { approval: Extension['approvals'][number]; decider: string },
  facts: Facts,
): boolean {
  const { bySeconds } = state.extension;
  const alone = judged(state, { bySeconds, approvals: [approval], decider }, facts);
  return alone.ok && alone.value.every((verdict) => verdict.approvals.have > 0);
}

function moved(
  state: Active,
  by: {
    command: RequestExtension | ApproveExtension;
    facts: Facts;
    bySeconds: number;
  },
): AccessRequestEvent {
  const { command, facts, bySeconds } = by;
  return {
    type: 'GrantExtended',
    ...about(command, facts),
    expiresAt: after(new Date(state.expiresAt), bySeconds),
    policyHash: facts.policies[0].hash,
    // The code stands with the approval, or with the ask, of the same commit: one code, one decision.
    factor: null,
  };
}
