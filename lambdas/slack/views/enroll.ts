/**
 * Forms and notices of the enrolment. The link stands in one place only, a button in a form that its owner opened: never in
 * a message, never as a picture. Forms carry no secret; who may do what is decided again when they are sent.
 */
import type { Offered } from '../../../shared/application/enrol-parts.ts';
import type { AuthenticatorEvent } from '../../../shared/domain/authenticator/model.ts';
import { COMMANDS } from '../commands.ts';
import type { KnownBlock, Modal } from './block-kit.ts';
import { code } from './escape.ts';
import { dayAndTime, timeOnly } from './instants.ts';
import { actions, context, type Message, mention, section } from './parts.ts';

export const ENROLL = {
  word: 'enroll',
  replace: 'enroll-replace',
  vouch: 'enroll-vouch',
  openPage: 'enroll-page',
} as const;

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
const enroll = code(`${COMMANDS.access} enroll`);

type Form = { callbackId: string; title: string; submit: string; metadata?: string };
export const form = (about: Form, blocks: KnownBlock[]): Modal => ({
  type: 'modal',
  callback_id: about.callbackId,
  title: plain(about.title),
  submit: plain(about.submit),
  close: plain('Cancel'),
  ...(about.metadata === undefined ? {} : { private_metadata: about.metadata }),
  blocks,
});

const wordInput: KnownBlock = {
  type: 'input',
  block_id: 'word',
  label: plain('The word on the page'),
  hint: plain('Two words, shown once the page has seen the first code.'),
  element: {
    type: 'plain_text_input',
    action_id: 'word',
    max_length: 80,
    placeholder: plain('amber-falcon'),
  },
};
export const codeInput = (hint: string): KnownBlock => ({
  type: 'input',
  block_id: 'code',
  label: plain('Your one-time code'),
  hint: plain(hint),
  element: {
    type: 'plain_text_input',
    action_id: 'code',
    max_length: 16,
    placeholder: plain('123 456'),
  },
});

/** Page and word in one form: it stays open while its reader is on the page. */
export const linkModal = ({ url, expiresAt }: Offered): Modal =>
  form({ callbackId: ENROLL.word, title: 'Authenticator', submit: 'Finish' }, [
    section(
      `*1.* Open your page. It shows your key, for you alone, until ${timeOnly(expiresAt)}.\n*2.* Scan the key, enter the first code there.\n*3.* Type the word it shows into the field below.`,
    ),
    ...actions([
      {
        type: 'button',
        action_id: ENROLL.openPage,
        text: plain('Open my page'),
        url,
        style: 'primary',
      },
    ]),
    wordInput,
    context('Do not pass the link on. It works once.'),
  ]);

/** For who has the page open already. */
export const wordModal = (expiresAt: string): Modal =>
  form({ callbackId: ENROLL.word, title: 'Authenticator', submit: 'Finish' }, [
    section(`Your link is in use and works until ${timeOnly(expiresAt)}.`),
    wordInput,
    context(`The page is gone? ${code(`${COMMANDS.access} enroll again`)} makes a new link.`),
  ]);

export const replaceModal = (): Modal =>
  form({ callbackId: ENROLL.replace, title: 'New authenticator', submit: 'Go on' }, [
    section(
      'You have an authenticator. To replace it, for example when you change your phone, prove it with the code it shows now. It counts until the new one is set up.',
    ),
    codeInput('The six digits that your present authenticator shows now.'),
    context(
      `The old phone is gone? ${code(`${COMMANDS.access} authenticator recover`)} takes a recovery code. No code left? Ask an admin to reset it.`,
    ),
  ]);

export const vouchModal = (owner: string): Modal =>
  form({ callbackId: ENROLL.vouch, title: 'Vouch', submit: 'I vouch', metadata: owner }, [
    section(
      `You vouch that ${mention(owner)} is who they say and may set up an authenticator, with which they can approve access.`,
    ),
    codeInput('The six digits that your own authenticator shows now.'),
    context('On record with your name. Ask the person, best face to face, before you do.'),
  ]);

export const vouchedNotice = (owner: string, until: string): Message => ({
  text: 'You vouched for a new authenticator',
  blocks: [
    section(
      `You vouched for ${mention(owner)}, who can begin until ${dayAndTime(until)}. They have a message with a button.`,
    ),
  ],
});

/** To the person somebody vouched for. The button opens the form with the link; the message holds none. */
export const invitation = (voucher: string, until: string): Message => ({
  text: 'You can set up your authenticator',
  blocks: [
    section(
      `${mention(voucher)} vouched for you. You can set up your authenticator until ${dayAndTime(until)}.`,
    ),
    ...actions([
      {
        type: 'button',
        action_id: 'enroll',
        text: plain('Set up my authenticator'),
        style: 'primary',
      },
    ]),
    context(`Not expected? Tell your security team. Later: ${enroll}.`),
  ],
});

export const notReached = (owner: string): KnownBlock =>
  context(`Slack did not deliver the message: tell ${mention(owner)} to run ${enroll}.`);

type Made = Extract<
  AuthenticatorEvent,
  { type: 'AuthenticatorEnrolled' | 'AuthenticatorReplaced' }
>;

/** What a finished enrolment is told as: to its owner, who must notice one that was not theirs, and to the security channel. */
export function noticeOf(event: Made): { owner: Message; security: Message } {
  const replaced = event.type === 'AuthenticatorReplaced';
  const verb = replaced ? 'replaced the authenticator' : 'set up an authenticator';
  const when = dayAndTime(event.at);
  const from = `It may approve from ${dayAndTime(event.mayApproveFrom)}.`;
  return {
    owner: {
      text: replaced ? 'Your authenticator was replaced' : 'Your authenticator is set up',
      blocks: [
        section(
          `You ${verb}, ${when}. ${from}${replaced ? ' The one before no longer counts.' : ''}`,
        ),
        context('If this was not you, tell your security team now: somebody uses your Slack.'),
      ],
    },
    security: {
      text: replaced ? 'An authenticator was replaced' : 'An authenticator was set up',
      blocks: [section(`${mention(event.owner)} ${verb}, ${when}. ${from}`)],
    },
  };
}
