/** `/access status` and `/access why`: where things stand, and by which rule and facts. */

import { EVERYTHING } from '../../../shared/application/halts.ts';
import { isPolicyNotLoaded } from '../../../shared/application/policy-not-loaded.ts';
import { pauseScopes } from '../../../shared/application/standing-halts.ts';
import { verdictsFor } from '../../../shared/application/verdict.ts';
import { whyOf } from '../../../shared/application/why.ts';
import { RequestId } from '../../../shared/domain/access-request/model.ts';
import type { Act } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { CommandBody } from '../payloads.ts';
import { readRequest, receiptFor, refusedAbout } from '../requests.ts';
import { explanation } from '../views/explanation.ts';
import { overallMessage } from '../views/overall.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

export async function status(
  _act: Act<CommandBody>,
  deps: SlackDeps,
  rest: string,
): Promise<Message> {
  const word = rest.trim().toUpperCase();
  if (word === '') return overall(deps);
  const id = RequestId.safeParse(word);
  if (!id.success)
    return refusalMessage({ code: 'id-missing', subcommand: 'status' }, deps.clock.now());
  const request = await readRequest(deps, id.data);
  return request.ok ? receiptFor(deps, request.value) : refusedAbout(deps, id.data, request.error);
}

async function overall(deps: SlackDeps): Promise<Message> {
  const active = await deps.policies.active();
  const scopes = active ? pauseScopes(active) : [EVERYTHING];
  const [policyNotLoaded, beat, stop, ...pauses] = await Promise.all([
    isPolicyNotLoaded(deps),
    deps.journal.read('heartbeat', 'sweep'),
    deps.journal.read('stop', EVERYTHING),
    ...scopes.map((scope) => deps.journal.read('pause', scope)),
  ]);
  return overallMessage({
    now: deps.clock.now(),
    policyHash: active?.hash ?? null,
    policyNotLoaded,
    sweptAt: beat.value?.at ?? null,
    paused: pauses.flatMap(({ id, value }) => (value?.paused ? [id] : [])),
    stoppedSince: stop.value?.standing?.since ?? null,
  });
}

export async function explain(deps: SlackDeps, id: string, person: string): Promise<Message> {
  const request = await readRequest(deps, id);
  if (!request.ok) return refusedAbout(deps, id, request.error);
  const [verdicts, why] = await Promise.all([
    verdictsFor(deps, request.value, person),
    whyOf(deps, request.value),
  ]);
  return explanation(request.value, { verdicts, why }, deps.clock.now());
}
