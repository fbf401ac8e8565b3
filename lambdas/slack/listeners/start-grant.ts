/** Starting what was approved ahead: by its holder, within its window; with a code where the rule asks the requester for one. */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import { type VerifiedCode, verifyCode } from '../../../shared/application/verify-code.ts';
import { wouldRefuse } from '../../../shared/application/would-decide.ts';
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
import { noteRefusal, readRequest, receiptFor, refusedAbout } from '../requests.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { startModal } from '../views/unusual-forms.ts';
import { fieldError, noticed } from './form-answers.ts';

export function registerStartGrant(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'start', run: startClicked });
  onSubmit(app, deps, { callbackId: 'start', run: startSubmitted });
}

async function startClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = parseJsonAs(ButtonValue, act.body.actions[0]?.value);
  if (!pressed) return { message: refusalMessage({ code: 'action-unreadable' }, deps.clock.now()) };
  const { openForm, interaction } = act;
  const by = { person: act.body.user.id, triggerId: act.body.trigger_id, openForm, interaction };
  const message = await openStart(deps, pressed.id, by);
  return message ? { message } : null;
}

type By = {
  person: string;
  triggerId: string;
  interaction: string;
  openForm: Act<unknown>['openForm'];
};

/** Null when the form for the code is open: from the button and from `/access start`. */
export async function openStart(
  deps: SlackDeps,
  requestId: string,
  by: By,
): Promise<Message | null> {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return refusedAbout(deps, requestId, request.error);
  const state = request.value;
  const { person, interaction } = by;
  const command = { type: 'StartGrant', requestId, actor: actorOf(person) } as const;
  const refusal = await wouldRefuse(deps, command, state);
  if (refusal && refusal.code !== 'code-required') {
    await noteRefusal(deps, { person, command: command.type, requestId, code: refusal.code });
    return refusedAbout(deps, requestId, refusal);
  }
  if (!state.codeFrom.requester) {
    const done = await started(deps, { requestId, person, interaction, code: null });
    return 'code' in done ? refusedAbout(deps, requestId, done) : done;
  }
  const { value: authenticator } = await deps.journal.read('authenticator', person);
  if (!authenticator) return refusedAbout(deps, requestId, { code: 'not-enrolled' });
  const unopened = await by.openForm(by.triggerId, startModal(state));
  return unopened ? refusalMessage(unopened, deps.clock.now()) : null;
}

async function startSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  const refused = async (refusal: AnyRefusal): Promise<SubmitReply> =>
    fieldError(refusal, deps) ??
    noticed(await refusedAbout(deps, form?.id ?? '', refusal), 'Not started');
  if (!form) return refused({ code: 'action-unreadable' });
  const { id: requestId, contentHash } = form;
  const person = act.body.user.id;
  const { interaction } = act;
  const typed = typedIn(act.body, 'code') ?? '';
  const before = await deps.journal.read('interaction', interaction);
  const code = before.value
    ? null
    : await verifyCode(deps, { owner: person, typed, contentHash, purpose: 'ask' });
  if (code && !code.ok) return refused(code.error);
  const given = { requestId, person, interaction, code: code?.value ?? null };
  const done = await started(deps, given);
  return 'code' in done ? refused(done) : noticed(done, 'Started');
}

const actorOf = (person: string) => ({ kind: 'person' as const, id: person });

async function started(
  deps: SlackDeps,
  by: { requestId: string; person: string; interaction: string; code: VerifiedCode | null },
): Promise<Message | AnyRefusal> {
  const { requestId, person, interaction, code } = by;
  const done = await executeCommand(
    { type: 'StartGrant', requestId, actor: actorOf(person) },
    deps,
    { interaction, ...(code ? { code } : {}) },
  );
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}
