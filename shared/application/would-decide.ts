/** Asks the decision itself what it would say now, without making it: for what is shown before somebody fills in a form. */
import type { Command, Refusal } from '../domain/access-request/command.ts';
import { decide } from '../domain/access-request/decide.ts';
import type { KnownRequest } from '../domain/access-request/model.ts';
import { type FactsDeps, factsFor } from './facts-for.ts';

/** Null when it would be carried out. @throws Fault */
export async function wouldRefuse(
  deps: FactsDeps,
  command: Command,
  state: KnownRequest,
): Promise<Refusal | { code: 'policy-unavailable' } | null> {
  const active = await deps.policies.active();
  if (!active) return { code: 'policy-unavailable' };
  const facts = await factsFor(deps, { command, state, active, code: null, pending: null });
  const decided = decide(state, command, facts);
  return decided.ok ? null : decided.error;
}
