/** The confirm card's buttons and, where the rule asks the requester for a code, the form that takes it. */
import type { App } from '@slack/bolt';
import { type Judged, openDraft, submitAsk } from '../../../shared/application/ask.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { FormSheet } from '../form-payloads.ts';
import {
  ButtonValue,
  type ClickBody,
  FormMetadata,
  parseJsonAs,
  type SubmissionBody,
  typedIn,
} from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import { receiptFor } from '../requests.ts';
import { cancelled } from '../views/help.ts';
import { requestModal } from '../views/modals.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { fieldError, noticed } from './form-answers.ts';

export function registerSubmitRequest(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'submit', run: submit });
  onClick(app, deps, { actionId: 'cancel', run: async () => cancelled() });
  onSubmit(app, deps, { callbackId: 'request', run: submitted });
}

async function submit(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const say = (refusal: AnyRefusal) => ({ message: refusalMessage(refusal, deps.clock.now()) });
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return say({ code: 'action-unreadable' });
  const requester = act.body.user.id;
  const draft = await openDraft(deps, { requester, draftId: pressed.id });
  if (!draft.ok) return say(draft.error);
  if ('submitted' in draft.value)
    return { message: await receiptFor(deps, draft.value.submitted), replace: true };
  return draft.value.verdict.codeFrom.requester
    ? openCodeForm(act, deps, draft.value)
    : ask(act, deps, draft.value);
}

async function openCodeForm(
  act: Act<ClickBody>,
  deps: SlackDeps,
  { draft, contentHash }: Judged,
): Promise<ClickReply> {
  const say = (refusal: AnyRefusal) => ({ message: refusalMessage(refusal, deps.clock.now()) });
  const enrolled = await deps.journal.read('authenticator', draft.requester);
  if (!enrolled.value) return say({ code: 'not-enrolled' });
  const metadata = { id: draft.requestId, v: 0, contentHash };
  const refusal = await act.openForm(act.body.trigger_id, requestModal(draft, metadata));
  return refusal ? say(refusal) : null;
}

async function ask(act: Act<ClickBody>, deps: SlackDeps, judged: Judged): Promise<ClickReply> {
  const { contentHash } = judged;
  const given = { typedCode: null, contentHash, interaction: act.interaction };
  const done = await submitAsk(deps, judged, given);
  if (!done.ok) return { message: refusalMessage(done.error, deps.clock.now()) };
  return { message: await receiptFor(deps, done.value.state), replace: true };
}

/** Two forms ask: the whole one, and the one that a confirm card opens for the code alone. Their metadata tells which. */
async function submitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const sheet = parseJsonAs(FormSheet, act.body.view.private_metadata);
  if (!sheet) return submitWithCode(act, deps);
  const { submitForm } = await import('./submit-form.ts');
  return submitForm(act, deps, sheet);
}

async function submitWithCode(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const metadata = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  const refused = (refusal: AnyRefusal) =>
    fieldError(refusal, deps) ?? noticed(refusalMessage(refusal, deps.clock.now()), 'Not asked');
  if (!metadata) return refused({ code: 'action-unreadable' });
  const requester = act.body.user.id;
  const draft = await openDraft(deps, { requester, draftId: metadata.id });
  if (!draft.ok) return refused(draft.error);
  if ('submitted' in draft.value)
    return noticed(await receiptFor(deps, draft.value.submitted), 'Asked');
  const typedCode = typedIn(act.body, 'code') ?? '';
  const { contentHash } = metadata;
  const { interaction } = act;
  const done = await submitAsk(deps, draft.value, { typedCode, contentHash, interaction });
  return done.ok ? noticed(await receiptFor(deps, done.value.state), 'Asked') : refused(done.error);
}
