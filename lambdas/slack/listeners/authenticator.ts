/**
 * `/access authenticator …`: where one's own stands, new recovery codes, replacing by recovery code, and the reset of
 * somebody else's. Forms and buttons name a person and a reset, never a right: who may do what is decided when they arrive.
 */
import type { App } from '@slack/bolt';
import * as z from 'zod';
import { cancelReset } from '../../../shared/application/cancel-reset.ts';
import { recover } from '../../../shared/application/recover.ts';
import {
  authenticatorStatus,
  offerRecoveryCodes,
} from '../../../shared/application/recovery-codes.ts';
import {
  confirmReset,
  mayConfirmReset,
  mayReset,
  startReset,
} from '../../../shared/application/reset-authenticator.ts';
import { SlackUserId } from '../../../shared/domain/access-request/model.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import {
  type ClickBody,
  type CommandBody,
  parseJsonAs,
  type SubmissionBody,
  typedIn,
} from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import {
  AUTHENTICATOR,
  authenticatorHelp,
  codesLinkModal,
  codesModal,
  recoverModal,
  resetCancelledAnswer,
  resetConfirmedAnswer,
  resetConfirmModal,
  resetStartedAnswer,
  resetStartModal,
  statusMessage,
} from '../views/authenticator.ts';
import { RESET_ACTIONS } from '../views/authenticator-notices.ts';
import { linkModal } from '../views/enroll.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import { type By, LONGEST_SHOWN, opened, personNamed, refused, said } from './enroll.ts';

/** What a button or a form says: whose authenticator, and the reset that its reader saw. */
const OfReset = z.object({ owner: SlackUserId, resetId: z.string().min(1).max(64) });
const OfOwner = z.object({ owner: SlackUserId });

export function registerAuthenticator(app: App, deps: SlackDeps): void {
  onSubmit(app, deps, { callbackId: AUTHENTICATOR.recover, run: recoverSubmitted });
  onSubmit(app, deps, { callbackId: AUTHENTICATOR.codes, run: codesSubmitted });
  onSubmit(app, deps, { callbackId: AUTHENTICATOR.resetStart, run: startSubmitted });
  onSubmit(app, deps, { callbackId: AUTHENTICATOR.resetConfirm, run: confirmSubmitted });
  onClick(app, deps, { actionId: RESET_ACTIONS.cancel, run: cancelClicked });
  onClick(app, deps, { actionId: RESET_ACTIONS.confirm, run: confirmClicked });
}

export async function authenticator(
  { body, openForm }: Act<CommandBody>,
  deps: SlackDeps,
  rest: string,
): Promise<Message | null> {
  const [what = '', ...more] = rest.trim().split(/\s+/);
  const by = { openForm, triggerId: body.trigger_id };
  const person = body.user_id;
  const name = more.join(' ');
  switch (what.toLowerCase()) {
    case '':
      return statusMessage(await authenticatorStatus(deps, person), deps.clock.now());
    case 'recover':
      return opened(deps, by, recoverModal());
    case 'codes':
      return opened(deps, by, codesModal());
    case 'reset':
      return about(deps, { what, name }, (owner) => askReset(deps, by, { person, owner }));
    case 'cancel':
      return name === ''
        ? cancel(deps, { by: person, owner: person, resetId: null })
        : about(deps, { what, name }, (owner) =>
            cancel(deps, { by: person, owner, resetId: null }),
          );
    default:
      return authenticatorHelp();
  }
}

async function about(
  deps: SlackDeps,
  { what, name }: { what: string; name: string },
  run: (owner: string) => Promise<Message | null>,
): Promise<Message | null> {
  const owner = await personNamed(deps, name);
  if (owner !== null) return run(owner);
  const typed = name.slice(0, LONGEST_SHOWN);
  return said({ code: 'nobody-by-that-name', after: `authenticator ${what}`, typed }, deps);
}

/** The form that fits: to start a reset, or to confirm the one that somebody else started. */
async function askReset(
  deps: SlackDeps,
  by: By,
  { person, owner }: { person: string; owner: string },
): Promise<Message | null> {
  const may = await mayReset(deps, { by: person, owner });
  if (!may.ok) return said(may.error, deps);
  if (may.value.step === 'start')
    return opened(deps, by, resetStartModal(owner, may.value.confirmers));
  const { resetId, startedBy } = may.value;
  return opened(deps, by, resetConfirmModal({ owner, resetId }, startedBy));
}

async function cancel(
  deps: SlackDeps,
  ask: { by: string; owner: string; resetId: string | null },
): Promise<Message> {
  const cancelled = await cancelReset(deps, ask);
  return cancelled.ok ? resetCancelledAnswer(ask.owner) : said(cancelled.error, deps);
}

async function cancelClicked({ body }: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const pressed = parseJsonAs(OfReset, body.actions[0]?.value);
  if (!pressed) return { message: unreadable(deps) };
  return { message: await cancel(deps, { by: body.user.id, ...pressed }) };
}

async function confirmClicked(
  { body, openForm }: Act<ClickBody>,
  deps: SlackDeps,
): Promise<ClickReply> {
  const pressed = parseJsonAs(OfReset, body.actions[0]?.value);
  if (!pressed) return { message: unreadable(deps) };
  const may = await mayConfirmReset(deps, { by: body.user.id, ...pressed });
  if (!may.ok) return { message: said(may.error, deps) };
  const form = resetConfirmModal(pressed, may.value.startedBy);
  const message = await opened(deps, { openForm, triggerId: body.trigger_id }, form);
  return message ? { message } : null;
}

async function recoverSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const typed = typedIn(act.body, 'recovery') ?? '';
  const recovered = await recover(deps, { owner: act.body.user.id, typed });
  return recovered.ok ? { form: linkModal(recovered.value) } : refused(recovered.error, deps);
}

async function codesSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const typed = typedIn(act.body, 'code') ?? '';
  const offered = await offerRecoveryCodes(deps, { owner: act.body.user.id, typed });
  return offered.ok ? { form: codesLinkModal(offered.value) } : refused(offered.error, deps);
}

async function startSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(OfOwner, act.body.view.private_metadata);
  if (!form) return { title: 'Nothing done', notice: unreadable(deps) };
  const typed = typedIn(act.body, 'code') ?? '';
  const started = await startReset(deps, { by: act.body.user.id, owner: form.owner, typed });
  return started.ok
    ? { title: 'Reset started', notice: resetStartedAnswer(form.owner, started.value) }
    : refused(started.error, deps);
}

async function confirmSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const form = parseJsonAs(OfReset, act.body.view.private_metadata);
  if (!form) return { title: 'Nothing done', notice: unreadable(deps) };
  const typed = typedIn(act.body, 'code') ?? '';
  const confirmed = await confirmReset(deps, { by: act.body.user.id, ...form, typed });
  return confirmed.ok
    ? { title: 'Reset confirmed', notice: resetConfirmedAnswer(form.owner, confirmed.value) }
    : refused(confirmed.error, deps);
}

const unreadable = (deps: SlackDeps): Message =>
  refusalMessage({ code: 'action-unreadable' }, deps.clock.now());
