/**
 * Approving: the button opens a form that repeats the request as the store has it; the form's code is checked for exactly
 * that content. Rights are judged at the click, and again on the facts that enter the transaction.
 */

import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { ticketTitle } from '../../../shared/application/ticket-title.ts';
import { mayDecide } from '../../../shared/application/verdict.ts';
import { verifyCode } from '../../../shared/application/verify-code.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { ok } from '../../../shared/domain/result.ts';
import type { Act } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { chosenIn, type FormMetadata, type SubmissionBody, typedIn } from '../payloads.ts';
import { justificationOf, noteRefusal, readRequest, receiptFor } from '../requests.ts';
import { chosenSeconds } from '../views/durations.ts';
import { approveModal } from '../views/modals.ts';
import type { Message } from '../views/parts.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { type Opens, onFormPress, openAbout } from './form-press.ts';

export const registerApproveRequest = (app: App, deps: SlackDeps): void =>
  onFormPress(app, deps, {
    id: 'approve',
    opens: openApproval,
    sends: approve,
    titles: { done: 'Approved', not: 'Not approved' },
  });

export const openApproval: Opens = (deps, requestId, by) =>
  openAbout(
    deps,
    { requestId, by },
    {
      command: 'ApproveRequest',
      async may(state) {
        const [verdicts, justification, authenticator] = await Promise.all([
          mayDecide(deps, state, by.person),
          justificationOf(deps, requestId),
          deps.journal.read('authenticator', by.person),
        ]);
        const isEnrolled = authenticator.value !== null;
        return verdicts.ok ? ok({ ...verdicts.value, justification, isEnrolled }) : verdicts;
      },
      async form({ codeNeeded, halted, justification, isEnrolled }, state) {
        if (halted) return halted;
        if (codeNeeded && !isEnrolled) return { code: 'not-enrolled' };
        const ticket = await ticketTitle(deps, state);
        return approveModal({ state, justification, codeNeeded, ticket });
      },
    },
  );

/** What is sent must fit what stands there now; the decision looks again. */
function unlikeShown(
  { contentHash, durationSeconds: askedSeconds }: KnownRequest,
  sent: { contentHash: string; shortenToSeconds: number | null },
): AnyRefusal | null {
  if (sent.contentHash !== contentHash) return { code: 'content-changed' };
  return (sent.shortenToSeconds ?? 0) > askedSeconds
    ? { code: 'duration-not-shorter', askedSeconds }
    : null;
}

async function approve(
  { body, interaction }: Act<SubmissionBody>,
  deps: SlackDeps,
  { id: requestId, contentHash }: FormMetadata,
): Promise<Message | AnyRefusal> {
  const person = body.user.id;
  const [before, request] = await Promise.all([
    deps.journal.read('interaction', interaction),
    readRequest(deps, requestId),
  ]);
  if (!request.ok) return request.error;
  if (before.value) return receiptFor(deps, request.value);
  const { durationSeconds: askedSeconds } = request.value;
  const chosen = chosenIn(body, 'duration') ?? typedIn(body, 'duration');
  const shortenToSeconds = chosenSeconds(chosen, askedSeconds);
  if (shortenToSeconds === 'unreadable') return { code: 'bad-duration' };
  // A code is spent only where it could decide something.
  const may = await mayDecide(deps, request.value, person);
  const refusal = may.ok
    ? (may.value.halted ?? unlikeShown(request.value, { contentHash, shortenToSeconds }))
    : may.error;
  if (refusal) {
    const { code } = refusal;
    await noteRefusal(deps, { person, command: 'ApproveRequest', requestId, code });
    return refusal;
  }
  const typed = typedIn(body, 'code');
  const purpose = 'approve' as const;
  const code =
    typed === null ? null : await verifyCode(deps, { owner: person, typed, contentHash, purpose });
  if (code && !code.ok) return code.error;
  const actor = { kind: 'person' as const, id: person };
  const done = await executeCommand(
    { type: 'ApproveRequest', requestId, actor, contentHash, shortenToSeconds },
    deps,
    { interaction, ...(code ? { code: code.value } : {}) },
  );
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}
