/** Asks the one evaluator about a request that waits, for one person, on fresh facts. What is shown is judged again on submit. */
import type { Halted, Refusal } from '../domain/access-request/command.ts';
import { wrongStatus } from '../domain/access-request/command.ts';
import { type JudgeOptions, judgeRequest, type Permitted } from '../domain/access-request/facts.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type FactsDeps, factsFor } from './facts-for.ts';

export type Verdicts = {
  first: Permitted;
  /** A code is needed when the rule of the ask or today's rule says so. */
  codeNeeded: boolean;
  /** Why nobody is given anything now; saying no goes on. */
  halted: Halted | null;
};
type Unknown = { code: 'policy-unavailable' };

/** Everything but the right to decide. */
export async function verdictsFor(
  deps: FactsDeps,
  state: KnownRequest,
  person: string,
  how: Pick<JudgeOptions, 'by' | 'ticket'> = {},
): Promise<Result<Verdicts, Refusal | Unknown>> {
  const active = await deps.policies.active();
  if (!active) return refuse({ code: 'policy-unavailable' });
  const { requestId, contentHash } = state;
  const command = {
    type: 'ApproveRequest',
    requestId,
    actor: { kind: 'person', id: person },
    contentHash,
    shortenToSeconds: null,
  } as const;
  const facts = await factsFor(deps, { command, state, active, code: null, pending: null });
  const judged = judgeRequest(facts, state, { candidate: person, ...how });
  if (!judged.ok) return judged;
  const codeNeeded = state.codeFrom.approver || judged.value.some((v) => v.codeFrom.approver);
  const against = judged.value.find(({ candidate }) => candidate && !candidate.may);
  const first = against ?? judged.value[0];
  return ok({ first, codeNeeded, halted: facts.halted });
}

/** May this person decide about it now? */
export async function mayDecide(
  deps: FactsDeps,
  state: KnownRequest,
  person: string,
  how: Pick<JudgeOptions, 'by' | 'ticket'> = {},
): Promise<Result<Verdicts, Refusal | Unknown>> {
  if (state.status !== 'pending') return refuse(wrongStatus(state));
  const now = deps.clock.now().toISOString();
  if (now >= state.lapsesAt) return refuse({ code: 'request-lapsed', lapsedAt: state.lapsesAt });
  const verdicts = await verdictsFor(deps, state, person, how);
  if (!verdicts.ok) return verdicts;
  const { candidate } = verdicts.value.first;
  return candidate && !candidate.may ? refuse(candidate.refusal) : verdicts;
}
