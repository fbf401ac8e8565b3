/**
 * Approving: the button opens a form that repeats the request as the store has it; the form's code is checked for exactly
 * that content. Rights are judged at the click, and again on the facts that enter the transaction.
 */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { mayDecide } from '../../../shared/application/verdict.ts';
import { verifyCode } from '../../../shared/application/verify-code.ts';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import {
  ButtonValue,
  type ClickBody,
  chosenIn,
  FormMetadata,
  parseJsonAs,
  type SubmissionBody,
  typedIn,
} from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import {
  justificationOf,
  noteRefusal,
  readRequest,
  receiptFor,
  refusedAbout,
} from '../requests.ts';
import { chosenSeconds } from '../views/durations.ts';
import { approveModal } from '../views/modals.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { fieldError, noticed } from './form-answers.ts';

export function registerApproveRequest(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'approve', run: approveClicked });
  onSubmit(app, deps, { callbackId: 'approve', run: approveSubmitted });
}

async function approveClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return { message: refusalMessage({ code: 'action-unreadable' }, deps.clock.now()) };
  const { openForm } = act;
  const by = { person: act.body.user.id, triggerId: act.body.trigger_id, openForm };
  const message = await openApproval(deps, pressed.id, by);
  return message ? { message } : null;
}

/** Null when the form is open: from the button and from `/access approve`. */
export async function openApproval(
  deps: SlackDeps,
  requestId: string,
  by: { person: string; triggerId: string; openForm: Act<unknown>['openForm'] },
): Promise<Message | null> {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return refusedAbout(deps, requestId, request.error);
  const state = request.value;
  const [verdicts, justification, authenticator] = await Promise.all([
    mayDecide(deps, state, by.person),
    justificationOf(deps, requestId),
    deps.journal.read('authenticator', by.person),
  ]);
  if (!verdicts.ok) {
    const { code } = verdicts.error;
    await noteRefusal(deps, { person: by.person, command: 'ApproveRequest', requestId, code });
    return refusedAbout(deps, requestId, verdicts.error);
  }
  const { codeNeeded, halted } = verdicts.value;
  if (halted) return refusedAbout(deps, requestId, halted);
  if (codeNeeded && !authenticator.value)
    return refusedAbout(deps, requestId, { code: 'not-enrolled' });
  const refusal = await by.openForm(
    by.triggerId,
    approveModal({ state, justification, codeNeeded }),
  );
  return refusal ? refusalMessage(refusal, deps.clock.now()) : null;
}

async function approveSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  const refused = async (refusal: AnyRefusal): Promise<SubmitReply> =>
    fieldError(refusal, deps) ??
    noticed(await refusedAbout(deps, form?.id ?? '', refusal), 'Not approved');
  if (!form) return refused({ code: 'action-unreadable' });
  const decided = await approve(act, deps, form);
  if ('code' in decided) return refused(decided);
  return noticed(decided, 'Approved');
}

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
  act: Act<SubmissionBody>,
  deps: SlackDeps,
  { id: requestId, contentHash }: FormMetadata,
): Promise<Message | AnyRefusal> {
  const { interaction } = act;
  const person = act.body.user.id;
  const [before, request] = await Promise.all([
    deps.journal.read('interaction', interaction),
    readRequest(deps, requestId),
  ]);
  if (!request.ok) return request.error;
  if (before.value) return receiptFor(deps, request.value);
  const { durationSeconds: askedSeconds } = request.value;
  const chosen = chosenIn(act.body, 'duration') ?? typedIn(act.body, 'duration');
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
  const typed = typedIn(act.body, 'code');
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
