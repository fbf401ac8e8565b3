/**
 * More time: the Extend button and `/access extend AR-… 1h` by who has the access, and the yes of approvers from the card. An
 * approval's form repeats the extension as the store has it, and its code is checked for exactly that; rights are judged at the
 * click, and again on the facts that enter the transaction.
 */
import type { App } from '@slack/bolt';
import { executeCommand } from '../../../shared/application/execute-command.ts';
import {
  type ExtensionAsk,
  mayAskForMore,
  mayVoteOnExtension,
} from '../../../shared/application/extension.ts';
import { verifyCode } from '../../../shared/application/verify-code.ts';
import { parseDuration } from '../../../shared/domain/duration.ts';
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
import { EXTENSION_ACTIONS } from '../views/extension.ts';
import { approveExtensionModal, extendModal } from '../views/extension-forms.ts';
import type { Message } from '../views/parts.ts';
import { refusalLine, refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal, RefusalCode } from '../views/refusals.ts';
import { fieldError, noticed } from './form-answers.ts';

const SHORTEST_SECONDS = 60;

export function registerExtendGrant(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: EXTENSION_ACTIONS.ask, run: extendClicked });
  onSubmit(app, deps, { callbackId: EXTENSION_ACTIONS.ask, run: extendSubmitted });
  onClick(app, deps, { actionId: EXTENSION_ACTIONS.approve, run: approveClicked });
  onSubmit(app, deps, { callbackId: EXTENSION_ACTIONS.approve, run: approveSubmitted });
}

type By = { person: string; triggerId: string; openForm: Act<unknown>['openForm'] };

const unreadable = (deps: SlackDeps): Message =>
  refusalMessage({ code: 'action-unreadable' }, deps.clock.now());

const pressedIn = ({ body }: Act<ClickBody>) => parseJsonAs(ButtonValue, body.actions[0]?.value);
const byOf = ({ body, openForm }: Act<ClickBody>): By => ({
  person: body.user.id,
  triggerId: body.trigger_id,
  openForm,
});

async function extendClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = pressedIn(act);
  if (!pressed) return { message: unreadable(deps) };
  const message = await openExtend(deps, { id: pressed.id, seconds: null }, byOf(act));
  return message ? { message } : null;
}

/** `/access extend AR-… [1h]`: asked at once where no code is needed and it says how long. */
export async function extend(
  deps: SlackDeps,
  { id, text }: { id: string; text: string },
  by: By & { interaction: string },
): Promise<Message | null> {
  if (text.trim() === '') return openExtend(deps, { id, seconds: null }, by);
  const seconds = parseDuration(text.trim());
  if (seconds === null) return refusedAbout(deps, id, { code: 'bad-duration' });
  const may = await judged(deps, id, { person: by.person, bySeconds: seconds });
  if ('code' in may) return refusedAbout(deps, id, may);
  if (may.codeNeeded) return openExtend(deps, { id, seconds }, by);
  const { person, interaction } = by;
  const asked = await ask(deps, { id, seconds, person, interaction, typed: null });
  return 'code' in asked ? refusedAbout(deps, id, asked) : asked;
}

/** What an ask for this much would be answered; a no is on record. */
async function judged(
  deps: SlackDeps,
  id: string,
  wish: { person: string; bySeconds: number },
): Promise<ExtensionAsk | AnyRefusal> {
  const request = await readRequest(deps, id);
  if (!request.ok) return request.error;
  const may = await mayAskForMore(deps, request.value, wish);
  if (may.ok) return may.value;
  const { code } = may.error;
  await noteRefusal(deps, {
    person: wish.person,
    command: 'RequestExtension',
    requestId: id,
    code,
  });
  return may.error;
}

async function openExtend(
  deps: SlackDeps,
  { id, seconds }: { id: string; seconds: number | null },
  { person, triggerId, openForm }: By,
): Promise<Message | null> {
  const may = await judged(deps, id, { person, bySeconds: seconds ?? SHORTEST_SECONDS });
  if ('code' in may) return refusedAbout(deps, id, may);
  const { state, longestSeconds, codeNeeded } = may;
  const form = extendModal(state, { longestSeconds, chosenSeconds: seconds, codeNeeded });
  const refusal = await openForm(triggerId, form);
  return refusal ? refusalMessage(refusal, deps.clock.now()) : null;
}

/** What its list can mend; the form of approvers has no such field. */
const OF_DURATION: ReadonlySet<RefusalCode> = new Set([
  ...(['extension-too-long', 'duration-too-long', 'duration-too-short', 'bad-duration'] as const),
]);

async function extendSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  if (!form) return noticed(unreadable(deps), 'Nothing asked');
  const { id } = form;
  const seconds = parseDuration(chosenIn(act.body, 'duration') ?? '');
  const typed = typedIn(act.body, 'code');
  const { interaction } = act;
  const asked =
    seconds === null
      ? ({ code: 'bad-duration' } as const)
      : await ask(deps, { id, seconds, person: act.body.user.id, interaction, typed });
  if (!('code' in asked)) return noticed(asked, 'Asked');
  if (OF_DURATION.has(asked.code))
    return { errors: { duration: refusalLine(asked, deps.clock.now()) } };
  return fieldError(asked, deps) ?? noticed(await refusedAbout(deps, id, asked), 'Nothing asked');
}

async function ask(
  deps: SlackDeps,
  given: {
    id: string;
    seconds: number;
    person: string;
    interaction: string;
    typed: string | null;
  },
): Promise<Message | AnyRefusal> {
  const { id: requestId, seconds: bySeconds, person, interaction, typed } = given;
  const before = await carriedOut(deps, requestId, interaction);
  if (before) return before;
  const may = await judged(deps, requestId, { person, bySeconds });
  if ('code' in may) return may;
  const { contentHash } = may;
  const code =
    typed === null
      ? null
      : await verifyCode(deps, { owner: person, typed, contentHash, purpose: 'ask-extension' });
  if (code && !code.ok) return code.error;
  const actor = { kind: 'person' as const, id: person };
  const side = { interaction, ...(code ? { code: code.value } : {}) };
  const command = { type: 'RequestExtension', requestId, actor, bySeconds } as const;
  const done = await executeCommand(command, deps, side);
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}

/** What this very interaction did before, where it comes a second time. */
async function carriedOut(
  deps: SlackDeps,
  requestId: string,
  interaction: string,
): Promise<Message | null> {
  const { value } = await deps.journal.read('interaction', interaction);
  const request = value ? await readRequest(deps, requestId) : null;
  return request?.ok ? receiptFor(deps, request.value) : null;
}

async function approveClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = pressedIn(act);
  if (!pressed) return { message: unreadable(deps) };
  const message = await openExtensionApproval(deps, pressed.id, byOf(act));
  return message ? { message } : null;
}

/** Also `/access approve AR-…` while more time waits. */
export async function openExtensionApproval(
  deps: SlackDeps,
  requestId: string,
  { person, triggerId, openForm }: By,
): Promise<Message | null> {
  const may = await mayVote(deps, requestId, person);
  if ('code' in may) return refusedAbout(deps, requestId, may);
  const { state, extension, codeNeeded } = may;
  const [justification, authenticator] = await Promise.all([
    justificationOf(deps, requestId),
    deps.journal.read('authenticator', person),
  ]);
  if (codeNeeded && !authenticator.value)
    return refusedAbout(deps, requestId, { code: 'not-enrolled' });
  const form = approveExtensionModal(state, { extension, justification, codeNeeded });
  const refusal = await openForm(triggerId, form);
  return refusal ? refusalMessage(refusal, deps.clock.now()) : null;
}

async function mayVote(deps: SlackDeps, requestId: string, person: string) {
  const request = await readRequest(deps, requestId);
  if (!request.ok) return request.error;
  const may = await mayVoteOnExtension(deps, request.value, person);
  if (may.ok) return may.value;
  const { code } = may.error;
  await noteRefusal(deps, { person, command: 'ApproveExtension', requestId, code });
  return may.error;
}

async function approveSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(FormMetadata, act.body.view.private_metadata);
  if (!form) return noticed(unreadable(deps), 'Not approved');
  const decided = await approve(act, deps, form);
  if (!('code' in decided)) return noticed(decided, 'Approved');
  return (
    fieldError(decided, deps) ?? noticed(await refusedAbout(deps, form.id, decided), 'Not approved')
  );
}

async function approve(
  { body, interaction }: Act<SubmissionBody>,
  deps: SlackDeps,
  { id: requestId, contentHash }: FormMetadata,
): Promise<Message | AnyRefusal> {
  const person = body.user.id;
  const before = await carriedOut(deps, requestId, interaction);
  if (before) return before;
  // A code is spent only where it could decide something.
  const may = await mayVote(deps, requestId, person);
  if ('code' in may) return may;
  if (may.extension.contentHash !== contentHash) return { code: 'content-changed' };
  const typed = typedIn(body, 'code');
  const code =
    typed === null
      ? null
      : await verifyCode(deps, { owner: person, typed, contentHash, purpose: 'extend' });
  if (code && !code.ok) return code.error;
  const actor = { kind: 'person' as const, id: person };
  const side = { interaction, ...(code ? { code: code.value } : {}) };
  const command = { type: 'ApproveExtension', requestId, actor, contentHash } as const;
  const done = await executeCommand(command, deps, side);
  return done.ok ? receiptFor(deps, done.value.state) : done.error;
}
