/** Reading what a decision is about, afresh from the store, and asking for a card to be drawn again. */

import { besideState, receiptFactsFor } from '../../shared/application/card-facts.ts';
import type { CommandRefusal } from '../../shared/application/execute-command.ts';
import { recordRefusal } from '../../shared/application/record-refusal.ts';
import { wordsOf } from '../../shared/application/words-of.ts';
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { ok, type Result, refuse } from '../../shared/domain/result.ts';
import { Fault } from '../../shared/ports.ts';
import type { SlackDeps } from './deps.ts';
import type { Message } from './views/parts.ts';
import { receipt } from './views/receipt.ts';
import { refusalMessage } from './views/refusal-message.ts';
import type { AnyRefusal } from './views/refusals.ts';

export async function readRequest(
  deps: SlackDeps,
  requestId: string,
): Promise<Result<KnownRequest, CommandRefusal>> {
  const { value } = await deps.journal.read('request', requestId);
  return value && value.status !== 'new' ? ok(value) : refuse({ code: 'unknown-request' });
}

export async function justificationOf(deps: SlackDeps, requestId: string): Promise<string | null> {
  return wordsOf(deps.journal, requestId, 'justification');
}

const LATE: ReadonlySet<AnyRefusal['code']> = new Set(['wrong-status', 'request-lapsed']);

/** The words of a refusal about a request. One that came too late also repairs the card it came from. */
export async function refusedAbout(
  deps: SlackDeps,
  requestId: string,
  refusal: AnyRefusal,
): Promise<Message> {
  if (LATE.has(refusal.code)) await redraw(deps, requestId);
  return refusalMessage(refusal, deps.clock.now());
}

async function redraw(deps: SlackDeps, requestId: string): Promise<void> {
  try {
    await deps.queues.send('announce', { requestId });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.telemetry.error('A card could not be asked to be drawn again', { requestId });
  }
}

/** An attempt that ends before a command is made of it is on record as well. */
export const noteRefusal = (
  deps: SlackDeps,
  attempt: { person: string; command: string; requestId: string | null; code: string },
): Promise<void> =>
  recordRefusal(deps, {
    actor: { kind: 'person', id: attempt.person },
    command: attempt.command,
    requestId: attempt.requestId,
    code: attempt.code,
  });

/** Where a request stands, for who asked for it or decided about it. */
export async function receiptFor(deps: SlackDeps, state: KnownRequest): Promise<Message> {
  const beside = await besideState(deps, state.requestId);
  return receipt(state, await receiptFactsFor(deps, state, beside));
}
