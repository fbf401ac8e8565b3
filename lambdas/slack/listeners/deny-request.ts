/** Denying: the button opens a form that asks why; `/access deny AR-… why` says it at once. One denial ends a request. */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { typedReason } from '../../../shared/application/typed-text.ts';
import { mayDecide } from '../../../shared/application/verdict.ts';
import { rightToDecide } from '../../../shared/domain/policy/evaluate.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import {
  ButtonValue,
  type ClickBody,
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
import { redactedWarning } from '../views/form-words.ts';
import { denyModal } from '../views/modals.ts';
import type { Message } from '../views/parts.ts';
import { section } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { fieldError, noticed } from './form-answers.ts';

export function registerDenyRequest(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'deny', run: denyClicked });
  onSubmit(app, deps, { callbackId: 'deny', run: denySubmitted });
}

async function denyClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const now = deps.clock.now();
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return { message: refusalMessage({ code: 'action-unreadable' }, now) };
  const requestId = pressed.id;
  const person = act.body.user.id;
  const request = await readRequest(deps, requestId);
  if (!request.ok) return { message: await refusedAbout(deps, requestId, request.error) };
  const state = request.value;
  const verdicts = await mayDecide(deps, state, person, { by: rightToDecide });
  const regrets = state.approvals.some(({ approver }) => approver === person);
  if (!verdicts.ok && !(regrets && state.status === 'pending')) {
    const { code } = verdicts.error;
    await noteRefusal(deps, { person, command: 'DenyRequest', requestId, code });
    return { message: await refusedAbout(deps, requestId, verdicts.error) };
  }
  const justification = await justificationOf(deps, requestId);
  const form = denyModal({ state, justification, codeNeeded: false });
  const refusal = await act.openForm(act.body.trigger_id, form);
  return refusal ? { message: refusalMessage(refusal, now) } : null;
}

async function denySubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  const reason = typedIn(act.body, 'reason') ?? '';
  const refused = async (refusal: AnyRefusal): Promise<SubmitReply> =>
    fieldError(refusal, deps) ??
    noticed(await refusedAbout(deps, form?.id ?? '', refusal), 'Not denied');
  if (!form) return refused({ code: 'action-unreadable' });
  const by = { person: act.body.user.id, interaction: act.interaction, reason };
  const decided = await deny(deps, form.id, by);
  return 'code' in decided ? refused(decided) : noticed(decided, 'Denied');
}

/** From the form and from `/access deny`. */
export async function deny(
  deps: SlackDeps,
  requestId: string,
  by: { person: string; interaction: string; reason: string },
): Promise<Message | AnyRefusal> {
  const typed = typedReason(by.reason, deps.ids);
  if (!typed.ok) return typed.error;
  const { side, redacted } = typed.value;
  const actor = { kind: 'person' as const, id: by.person };
  const done = await executeCommand(
    { type: 'DenyRequest', requestId, actor, reason: side.commitment },
    deps,
    { interaction: by.interaction, text: side },
  );
  if (!done.ok) return done.error;
  const receipt = await receiptFor(deps, done.value.state);
  const warning = redacted.length > 0 ? [section(redactedWarning(redacted))] : [];
  return { ...receipt, blocks: [...warning, ...receipt.blocks] };
}
