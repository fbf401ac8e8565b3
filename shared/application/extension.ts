/** Asks, on fresh facts, what an extension would be answered: for the form of who wants more time and of who is to decide. All of it is judged again in the decision. */
import type { Halted, Refusal } from '../domain/access-request/command.ts';
import {
  denyExtension,
  extensionHash,
  judgeExtensionAsk,
  mayDecideExtension,
  roomFor,
} from '../domain/access-request/decide-extension.ts';
import type { InStatus, KnownRequest } from '../domain/access-request/model.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type FactsDeps, factsFor } from './facts-for.ts';

type Unknown = { code: 'policy-unavailable' };
export type ExtensionAsk = {
  readonly state: InStatus<'active'>;
  /** What the asker's code must be given for. */
  readonly contentHash: string;
  readonly codeNeeded: boolean;
  /** The most that may be asked for now. */
  readonly longestSeconds: number;
};
/** Live access for which more time is asked. */
export type AskedForMore = InStatus<'active'> & {
  readonly extension: NonNullable<InStatus<'active'>['extension']>;
};
export type ExtensionVote = {
  readonly state: InStatus<'active'>;
  readonly extension: AskedForMore['extension'];
  readonly codeNeeded: boolean;
};

export async function mayAskForMore(
  deps: FactsDeps,
  state: KnownRequest,
  ask: { person: string; bySeconds: number },
): Promise<Result<ExtensionAsk, Refusal | Halted | Unknown>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const { person, bySeconds } = ask;
  const actor = { kind: 'person' as const, id: person };
  const { requestId } = state;
  const command = { type: 'RequestExtension' as const, requestId, actor, bySeconds };
  const facts = await factsFor(deps, { command, state, active, code: null, pending: null });
  if (facts.halted) return refuse(facts.halted);
  const verdicts = judgeExtensionAsk(state, ask, facts);
  if (!verdicts.ok) return verdicts;
  if (state.status !== 'active') throw new Error('Only access that is active is extended');
  return ok({
    state,
    contentHash: extensionHash(state, { bySeconds, policyHash: active.hash }),
    codeNeeded: verdicts.value.some(({ codeFrom }) => codeFrom.requester),
    longestSeconds: roomFor(state, verdicts.value),
  });
}

/** May this person say no to the extension that waits? Neither a pause nor a freeze keeps anybody from that. */
export async function mayDenyExtension(
  deps: FactsDeps,
  state: KnownRequest,
  person: string,
): Promise<Result<AskedForMore, Refusal | Unknown>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const { requestId } = state;
  const actor = { kind: 'person' as const, id: person };
  const command = { type: 'DenyExtension' as const, requestId, actor, reason: null };
  const facts = await factsFor(deps, { command, state, active, code: null, pending: null });
  const decision = denyExtension(state, command, facts);
  if (!decision.ok) return decision;
  if (state.status !== 'active' || !state.extension)
    throw new Error('Only more time that is asked for can be denied');
  return ok({ ...state, extension: state.extension });
}

export async function mayVoteOnExtension(
  deps: FactsDeps,
  state: KnownRequest,
  person: string,
): Promise<Result<ExtensionVote, Refusal | Halted | Unknown>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const { requestId } = state;
  const actor = { kind: 'person' as const, id: person };
  const command = { type: 'ApproveExtension' as const, requestId, actor, contentHash: '' };
  const facts = await factsFor(deps, { command, state, active, code: null, pending: null });
  if (facts.halted) return refuse(facts.halted);
  const may = mayDecideExtension(state, person, facts);
  if (!may.ok) return may;
  const { codeNeeded, state: asked } = may.value;
  return ok({ state: asked, extension: asked.extension, codeNeeded });
}
