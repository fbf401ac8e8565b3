/** Saying no to more time: the button opens a form that asks why; `/access deny AR-… why` says it at once. The access stays as it is. */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { mayDenyExtension } from '../../../shared/application/extension.ts';
import { typedReason } from '../../../shared/application/typed-text.ts';
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
import { EXTENSION_ACTIONS } from '../views/extension.ts';
import { denyExtensionModal } from '../views/extension-forms.ts';
import { redactedWarning } from '../views/form-words.ts';
import { type Message, section } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { fieldError, noticed } from './form-answers.ts';

export function registerDenyExtension(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: EXTENSION_ACTIONS.deny, run: clicked });
  onSubmit(app, deps, { callbackId: EXTENSION_ACTIONS.deny, run: submitted });
}

async function clicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const now = deps.clock.now();
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return { message: refusalMessage({ code: 'action-unreadable' }, now) };
  const { id: requestId } = pressed;
  const person = act.body.user.id;
  const request = await readRequest(deps, requestId);
  if (!request.ok) return { message: await refusedAbout(deps, requestId, request.error) };
  const may = await mayDenyExtension(deps, request.value, person);
  if (!may.ok) {
    const { code } = may.error;
    await noteRefusal(deps, { person, command: 'DenyExtension', requestId, code });
    return { message: await refusedAbout(deps, requestId, may.error) };
  }
  const justification = await justificationOf(deps, requestId);
  const form = denyExtensionModal(may.value, justification);
  const refusal = await act.openForm(act.body.trigger_id, form);
  return refusal ? { message: refusalMessage(refusal, now) } : null;
}

async function submitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  const refused = async (refusal: AnyRefusal): Promise<SubmitReply> =>
    fieldError(refusal, deps) ??
    noticed(await refusedAbout(deps, form?.id ?? '', refusal), 'Not denied');
  if (!form) return refused({ code: 'action-unreadable' });
  const decided = await denyMoreTime(deps, form, {
    person: act.body.user.id,
    interaction: act.interaction,
    reason: typedIn(act.body, 'reason') ?? '',
  });
  return 'code' in decided ? refused(decided) : noticed(decided, 'Denied');
}

/** `contentHash`: of the extension that the form showed; a later one in its place is not what was meant. Null: whichever waits. */
export async function denyMoreTime(
  deps: SlackDeps,
  of: { id: string; contentHash: string | null },
  by: { person: string; interaction: string; reason: string },
): Promise<Message | AnyRefusal> {
  const typed = typedReason(by.reason, deps.ids, 'extension');
  if (!typed.ok) return typed.error;
  const { side, redacted } = typed.value;
  const { id: requestId, contentHash } = of;
  if (contentHash !== null && (await replaced(deps, requestId, contentHash)))
    return { code: 'content-changed' };
  const actor = { kind: 'person' as const, id: by.person };
  const done = await executeCommand(
    { type: 'DenyExtension', requestId, actor, reason: side.commitment },
    deps,
    { interaction: by.interaction, text: side },
  );
  if (!done.ok) return done.error;
  const receipt = await receiptFor(deps, done.value.state);
  const warning = redacted.length > 0 ? [section(redactedWarning(redacted))] : [];
  return { ...receipt, blocks: [...warning, ...receipt.blocks] };
}

/** Another extension waits than the one that was shown. */
async function replaced(deps: SlackDeps, requestId: string, contentHash: string): Promise<boolean> {
  const { value } = await deps.journal.read('request', requestId);
  const waits = value?.status === 'active' ? value.extension : null;
  return waits !== null && waits.contentHash !== contentHash;
}
