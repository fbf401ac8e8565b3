/**
 * Reviewing a break-glass: by somebody who could have approved it, with a verdict and a reason. Who may is judged when the form
 * opens and again on the facts that enter the transaction.
 */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { typedReason } from '../../../shared/application/typed-text.ts';
import { wouldRefuse } from '../../../shared/application/would-decide.ts';
import { ReviewVerdict } from '../../../shared/domain/access-request/model.ts';
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
import { redactedWarning } from '../views/form-words.ts';
import { type Message, section } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { reviewModal } from '../views/unusual-forms.ts';
import { fieldError, noticed } from './form-answers.ts';

export function registerReviewRequest(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'review', run: reviewClicked });
  onSubmit(app, deps, { callbackId: 'review', run: reviewSubmitted });
}

async function reviewClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return { message: refusalMessage({ code: 'action-unreadable' }, deps.clock.now()) };
  const { openForm } = act;
  const by = { person: act.body.user.id, triggerId: act.body.trigger_id, openForm };
  const message = await openReview(deps, pressed.id, by);
  return message ? { message } : null;
}

const NO_WORDS_YET = `sha256:${'0'.repeat(64)}`;
const actorOf = (person: string) => ({ kind: 'person' as const, id: person });

/** Null when the form is open: from the button and from `/access review`. */
export async function openReview(
  deps: SlackDeps,
  requestId: string,
  by: { person: string; triggerId: string; openForm: Act<unknown>['openForm'] },
): Promise<Message | null> {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return refusedAbout(deps, requestId, request.error);
  const state = request.value;
  const { person } = by;
  const type = 'ReviewBreakGlass' as const;
  const told = { verdict: 'justified', reason: NO_WORDS_YET } as const;
  const command = { type, requestId, actor: actorOf(person), ...told };
  const refusal = await wouldRefuse(deps, command, state);
  if (refusal) {
    await noteRefusal(deps, { person, command: type, requestId, code: refusal.code });
    return refusedAbout(deps, requestId, refusal);
  }
  const form = reviewModal(state, await justificationOf(deps, requestId));
  const unopened = await by.openForm(by.triggerId, form);
  return unopened ? refusalMessage(unopened, deps.clock.now()) : null;
}

async function reviewSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  const refused = async (refusal: AnyRefusal): Promise<SubmitReply> =>
    fieldError(refusal, deps) ??
    noticed(await refusedAbout(deps, form?.id ?? '', refusal), 'Not reviewed');
  const verdict = ReviewVerdict.safeParse(chosenIn(act.body, 'verdict'));
  if (!form || !verdict.success) return refused({ code: 'action-unreadable' });
  const typed = typedReason(typedIn(act.body, 'reason') ?? '', deps.ids, 'review');
  if (!typed.ok) return refused(typed.error);
  const { side, redacted } = typed.value;
  const { interaction } = act;
  const done = await executeCommand(
    {
      type: 'ReviewBreakGlass',
      requestId: form.id,
      actor: actorOf(act.body.user.id),
      verdict: verdict.data,
      reason: side.commitment,
    },
    deps,
    { interaction, text: side },
  );
  if (!done.ok) return refused(done.error);
  const receipt = await receiptFor(deps, done.value.state);
  const warning = redacted.length > 0 ? [section(redactedWarning(redacted))] : [];
  return noticed({ ...receipt, blocks: [...warning, ...receipt.blocks] }, 'Reviewed');
}
