/**
 * Buttons that open a form about a request, and what is sent from it: the sibling of one-press.ts. The button names a request, the form
 * also which content it showed; the store says the rest. Who may not is told before anything is asked, and is on record.
 */
import type { App } from '@slack/bolt';
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Result } from '../../../shared/domain/result.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { FormOpener } from '../form-opener.ts';
import { ButtonValue, FormMetadata, parseJsonAs, type SubmissionBody } from '../payloads.ts';
import { noteRefusal, readRequest, receiptFor, refusedAbout } from '../requests.ts';
import type { Modal } from '../views/block-kit.ts';
import { redactedWarning } from '../views/form-words.ts';
import { type Message, section } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { fieldError, noticed } from './form-answers.ts';

/** Who presses or types, and how a form opens for them. */
export type Presser = {
  readonly person: string;
  readonly interaction: string;
  readonly triggerId: string;
  readonly openForm: FormOpener;
};
/** From the button and from `/access …`. Null: a form is open, and there is nothing to add. */
export type Opens = (deps: SlackDeps, requestId: string, by: Presser) => Promise<Message | null>;
/** What a form that was sent becomes: its receipt, or why not. */
export type Sends = (
  act: Act<SubmissionBody>,
  deps: SlackDeps,
  form: FormMetadata,
) => Promise<Message | AnyRefusal>;

type FormPress = {
  /** Action id of the button and callback id of its form. */
  readonly id: string;
  readonly opens: Opens;
  readonly sends: Sends;
  /** Titles of what stands in the form's place then. */
  readonly titles: { readonly done: string; readonly not: string };
  /** What a field of this form can mend; null for what none can. */
  readonly mends?: (refusal: AnyRefusal, deps: SlackDeps) => SubmitReply | null;
};

export function onFormPress(app: App, deps: SlackDeps, on: FormPress): void {
  onClick(app, deps, {
    actionId: on.id,
    run: async ({ body, interaction, openForm }) => {
      const pressed = parseJsonAs(ButtonValue, body.actions[0]?.value);
      const by = { person: body.user.id, interaction, triggerId: body.trigger_id, openForm };
      const message = pressed ? await on.opens(deps, pressed.id, by) : unreadable(deps);
      return message && { message };
    },
  });
  onSubmit(app, deps, { callbackId: on.id, run: (act) => sent(act, deps, on) });
}

const unreadable = (deps: SlackDeps): Message =>
  refusalMessage({ code: 'action-unreadable' }, deps.clock.now());

async function sent(
  act: Act<SubmissionBody>,
  deps: SlackDeps,
  { sends, titles, mends = fieldError }: FormPress,
): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  if (!form) return noticed(unreadable(deps), titles.not);
  const answer = await sends(act, deps, form);
  if (!('code' in answer)) return noticed(answer, titles.done);
  return mends(answer, deps) ?? noticed(await refusedAbout(deps, form.id, answer), titles.not);
}

type Wanted<May> = {
  /** The command that the form stands for: a no is on record under its name. */
  readonly command: string;
  may(state: KnownRequest): Promise<Result<May, AnyRefusal>>;
  /** The form; or what is said in its place, where none is needed or it could lead nowhere. */
  form(may: May, state: KnownRequest): Promise<Modal | Message | AnyRefusal>;
};

/** Opens the form about one request for who may have it. */
export async function openAbout<May>(
  deps: SlackDeps,
  { requestId, by }: { requestId: string; by: Presser },
  { command, may, form }: Wanted<May>,
): Promise<Message | null> {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return refusedAbout(deps, requestId, request.error);
  const judged = await may(request.value);
  if (!judged.ok) {
    const { code } = judged.error;
    await noteRefusal(deps, { person: by.person, command, requestId, code });
    return refusedAbout(deps, requestId, judged.error);
  }
  const made = await form(judged.value, request.value);
  if ('code' in made) return refusedAbout(deps, requestId, made);
  if (!('type' in made)) return made;
  const unopened = await by.openForm(by.triggerId, made);
  return unopened ? refusalMessage(unopened, deps.clock.now()) : null;
}

/** The receipt of what was said with a reason, from which something was taken out. */
export async function receiptWithout(
  deps: SlackDeps,
  state: KnownRequest,
  redacted: readonly string[],
): Promise<Message> {
  const receipt = await receiptFor(deps, state);
  const warning = redacted.length > 0 ? [section(redactedWarning(redacted))] : [];
  return { ...receipt, blocks: [...warning, ...receipt.blocks] };
}
