/**
 * The form's ask: everything arrives in one submission, code included, so there is no draft to keep. Judged by the same
 * evaluator and written through the same door as a draft. A code counts only for the content that was submitted and for
 * the policy that the form was drawn from; a second delivery of a submission answers with the request of the first.
 */
import type { KnownRequest } from '../domain/access-request/model.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { Fault } from '../ports.ts';
import { type Drafted, judgeTyped, type SubmitRefusal, submitAsk, type Typed } from './ask.ts';
import type { CommandDeps } from './execute-command.ts';
import type { CodeDeps } from './verify-code.ts';

export type Submission = {
  requester: string;
  typed: Typed;
  /** Null where the form had no field for a code. */
  typedCode: string | null;
  /** SHA-256 of the policy that the form was drawn from. */
  policyHash: string;
  interaction: string;
};
export type Asked = { state: KnownRequest; redacted: readonly string[] };

const TRIES = 5;

export async function askAtOnce(
  deps: CommandDeps & CodeDeps,
  ask: Submission,
): Promise<Result<Asked, SubmitRefusal>> {
  const before = await carriedOut(deps, ask);
  if (before) return ok(before);
  const done = await asked(deps, ask);
  if (done.ok) return done;
  // Two deliveries at once: the other one spent the code, or made the request that now waits.
  const meanwhile = await carriedOut(deps, ask);
  return meanwhile ? ok(meanwhile) : done;
}

async function asked(
  deps: CommandDeps & CodeDeps,
  ask: Submission,
): Promise<Result<Asked, SubmitRefusal>> {
  const judged = await judgeTyped(deps, ask);
  if (!judged.ok) return judged;
  const { policyHash, contentHash, verdict, redacted } = judged.value;
  if (policyHash !== ask.policyHash) return refuse({ code: 'content-changed' });
  const asksForCode = verdict.codeFrom.requester;
  if (asksForCode && ask.typedCode === null)
    return refuse({ code: 'code-required', from: 'requester' });
  const typedCode = asksForCode ? ask.typedCode : null;
  const { interaction } = ask;
  const mine = await underFreeId(deps, judged.value);
  const done = await submitAsk(deps, mine, { typedCode, contentHash, interaction });
  return done.ok ? ok({ state: done.value.state, redacted }) : done;
}

/** The request that this very interaction made before, if it did. */
async function carriedOut(deps: CommandDeps, ask: Submission): Promise<Asked | null> {
  const { value } = await deps.journal.read('interaction', ask.interaction);
  if (!value?.requestId) return null;
  const request = await deps.journal.read('request', value.requestId);
  const state = request.value;
  if (!state || state.status === 'new' || state.requester !== ask.requester) return null;
  return { state, redacted: [] };
}

/** Ids are short enough to collide: one that a request or somebody's draft has is not taken. */
async function underFreeId(deps: CommandDeps, judged: Drafted): Promise<Drafted> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const requestId = tries === 1 ? judged.draft.requestId : deps.ids.requestId();
    const [request, draft] = await Promise.all([
      deps.journal.read('request', requestId),
      deps.journal.read('draft', requestId),
    ]);
    if (request.value || draft.value) continue;
    const { draft: mine, command } = judged;
    return { ...judged, draft: { ...mine, requestId }, command: { ...command, requestId } };
  }
  throw new Fault('No free request id was found. Try again.', {
    service: 'journal',
    retryable: true,
  });
}
