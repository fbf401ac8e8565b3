/**
 * `/access pause`, `resume`, `red-button` and `end-all`: each opens a form that says what will happen and asks for a code, except the
 * last, which is an ending like any other. Forms name a scope or a direction, never a right: that is judged when they are sent.
 */
import type { App } from '@slack/bolt';
import * as z from 'zod';
import { endEverythingOf } from '../../../shared/application/end-all.ts';
import {
  mayPause,
  mayPress,
  pressRedButton,
  switchPause,
} from '../../../shared/application/switches.ts';
import { Sha256 } from '../../../shared/domain/audit/chain.ts';
import { StopWhat } from '../../../shared/domain/stop/model.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import type { FormOpener } from '../form-opener.ts';
import {
  type ClickBody,
  type CommandBody,
  parseJsonAs,
  type SubmissionBody,
  typedIn,
} from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import { noteRefusal } from '../requests.ts';
import type { Modal } from '../views/block-kit.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';
import type { AnyRefusal } from '../views/refusals.ts';
import { STOP_ACTIONS } from '../views/stop-notices.ts';
import {
  endedAll,
  pauseModal,
  pressedAnswer,
  redButtonModal,
  SWITCH_FORMS,
  switchedAnswer,
} from '../views/switches.ts';
import { said as enrolmentSaid, LONGEST_SHOWN, personNamed } from './enroll.ts';
import { fieldError, noticed } from './form-answers.ts';

const OfPause = z.object({ scope: z.string().min(1).max(40), paused: z.boolean() });
const OfPress = z.object({
  what: StopWhat,
  contentHash: Sha256,
  step: z.enum(['propose', 'confirm']),
});

const OfConfirm = z.object({ what: StopWhat });

export function registerSwitches(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: STOP_ACTIONS.confirm, run: redButtonClicked });
  onSubmit(app, deps, { callbackId: SWITCH_FORMS.pause, run: pauseSubmitted });
  onSubmit(app, deps, { callbackId: SWITCH_FORMS.redButton, run: redButtonSubmitted });
}

const said = (refusal: AnyRefusal, deps: SlackDeps): Message =>
  refusalMessage(refusal, deps.clock.now());

/** Who reaches for a switch that is not theirs is on record before any form opens. */
async function noted(
  deps: SlackDeps,
  refusal: AnyRefusal,
  attempt: { person: string; command: string },
): Promise<Message> {
  await noteRefusal(deps, { ...attempt, requestId: null, code: refusal.code });
  return said(refusal, deps);
}

type Line = (act: Act<CommandBody>, deps: SlackDeps, rest: string) => Promise<Message | null>;

const pauseLine =
  (paused: boolean): Line =>
  async ({ body, openForm }, deps, rest) => {
    const scope = rest.trim().toLowerCase();
    const may = await mayPause(deps, { person: body.user_id, scope, paused });
    if (!may.ok)
      return noted(deps, may.error, {
        person: body.user_id,
        command: paused ? 'PauseGrants' : 'ResumeGrants',
      });
    const refusal = await openForm(body.trigger_id, pauseModal({ scope, paused }));
    return refusal ? said(refusal, deps) : null;
  };
export const pause = pauseLine(true);
export const resume = pauseLine(false);

/** `/access red-button [lift]`. */
export const redButton: Line = async ({ body, openForm }, deps, rest) => {
  const word = rest.trim().toLowerCase();
  if (word !== '' && word !== 'lift')
    return said(
      {
        code: 'unknown-subcommand',
        typed: `red-button ${word}`.slice(0, LONGEST_SHOWN),
        didYouMean: ['red-button', 'red-button lift'],
      },
      deps,
    );
  const press = {
    person: body.user_id,
    what: word === 'lift' ? ('lift' as const) : ('stop' as const),
  };
  return pressForm(deps, press, (modal) => openForm(body.trigger_id, modal));
};

/** From the message that asks a second admin. */
async function redButtonClicked(
  { body, openForm }: Act<ClickBody>,
  deps: SlackDeps,
): Promise<ClickReply> {
  const value = parseJsonAs(OfConfirm, body.actions[0]?.value);
  if (!value) return { message: said({ code: 'action-unreadable' }, deps) };
  const press = { person: body.user.id, what: value.what };
  const message = await pressForm(deps, press, (modal) => openForm(body.trigger_id, modal));
  return message && { message };
}

/** The form says what this press would be by now: a proposal that is over is proposed anew. */
async function pressForm(
  deps: SlackDeps,
  press: { person: string; what: StopWhat },
  open: (form: Modal) => ReturnType<FormOpener>,
): Promise<Message | null> {
  const may = await mayPress(deps, press);
  if (!may.ok) return noted(deps, may.error, { person: press.person, command: 'PressRedButton' });
  const refusal = await open(redButtonModal(may.value, may.value.others));
  return refusal ? said(refusal, deps) : null;
}

/** `/access end-all @ana` */
export const endAll: Line = async ({ body }, deps, rest) => {
  const typed = rest.trim();
  const whose = await personNamed(deps, typed);
  if (whose === null)
    return enrolmentSaid(
      { code: 'nobody-by-that-name', after: 'end-all', typed: typed.slice(0, LONGEST_SHOWN) },
      deps,
    );
  const done = await endEverythingOf(deps, { whose, by: body.user_id });
  if (done.ok) return endedAll(whose, done.value);
  return noted(deps, done.error, { person: body.user_id, command: 'EndEverything' });
};

async function pauseSubmitted(
  { body, interaction }: Act<SubmissionBody>,
  deps: SlackDeps,
): Promise<SubmitReply> {
  const form = parseJsonAs(OfPause, body.view.private_metadata);
  if (!form) return noticed(said({ code: 'action-unreadable' }, deps), 'Nothing done');
  const typed = typedIn(body, 'code') ?? '';
  const done = await switchPause(deps, { ...form, person: body.user.id, typed, interaction });
  if (done.ok) return noticed(switchedAnswer(form), form.paused ? 'Paused' : 'Resumed');
  return fieldError(done.error, deps) ?? noticed(said(done.error, deps), 'Nothing done');
}

async function redButtonSubmitted(
  { body, interaction }: Act<SubmissionBody>,
  deps: SlackDeps,
): Promise<SubmitReply> {
  const form = parseJsonAs(OfPress, body.view.private_metadata);
  if (!form) return noticed(said({ code: 'action-unreadable' }, deps), 'Nothing done');
  const typed = typedIn(body, 'code') ?? '';
  const { what, contentHash } = form;
  const press = { person: body.user.id, what, contentHash, typed, interaction };
  const done = await pressRedButton(deps, press);
  if (done.ok) return noticed(pressedAnswer(form), 'Red button');
  return fieldError(done.error, deps) ?? noticed(said(done.error, deps), 'Nothing done');
}
