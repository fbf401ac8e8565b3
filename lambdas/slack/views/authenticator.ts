/** Forms and answers around an authenticator that is there: where it stands, recovery codes, a reset. No form carries a secret. */

import type { Offered } from '../../../shared/application/enrol-parts.ts';
import type { AuthenticatorStatus } from '../../../shared/application/recovery-codes.ts';
import { RECOVERY } from '../../../shared/domain/authenticator/recovery.ts';
import { COMMANDS } from '../commands.ts';
import type { KnownBlock, Modal } from './block-kit.ts';
import { codeInput, ENROLL, form, plain } from './enroll.ts';
import { code } from './escape.ts';
import { dayAndTime, timeOnly } from './instants.ts';
import { actions, context, type Message, mention, mentions, section } from './parts.ts';

export const AUTHENTICATOR = {
  recover: 'authenticator-recover',
  codes: 'authenticator-codes',
  resetStart: 'authenticator-reset-start',
  resetConfirm: 'authenticator-reset-confirm',
} as const;

const on = (rest: string): string => code(`${COMMANDS.access} authenticator ${rest}`);
const MENTIONED = 5;

export function statusMessage(status: AuthenticatorStatus | null, now: Date): Message {
  if (!status)
    return {
      text: 'You have no authenticator',
      blocks: [
        section(`You have no authenticator. ${code(`${COMMANDS.access} enroll`)} sets one up.`),
      ],
    };
  const { enrolledAt, mayApproveFrom, recoveryCodesLeft: left } = status;
  const held = mayApproveFrom > now.toISOString();
  const lines = [
    `Set up ${dayAndTime(enrolledAt)}.`,
    ...(held ? [`It may approve from ${dayAndTime(mayApproveFrom)}.`] : []),
    ...(status.locked ? ['It is *locked*: too many wrong codes.'] : []),
    `Recovery codes left: ${left <= RECOVERY.warnAt ? `*${left}*. ${on('codes')} makes new ones.` : left}`,
    ...RESET_LINES[status.reset],
  ];
  return {
    text: 'Your authenticator',
    blocks: [
      section(lines.join('\n')),
      context(
        `Replace it: ${code(`${COMMANDS.access} enroll`)}. The phone is gone: ${on('recover')}.`,
      ),
    ],
  };
}

const RESET_LINES: Readonly<Record<AuthenticatorStatus['reset'], readonly string[]>> = {
  none: [],
  started: [`An admin wants to reset it. You lost nothing? ${on('cancel')}`],
  confirmed: [`*It is being reset and does not count.* You lost nothing? ${on('cancel')}`],
};

export const recoverModal = (): Modal =>
  form({ callbackId: AUTHENTICATOR.recover, title: 'Recovery', submit: 'Go on' }, [
    section(
      'A recovery code lets you replace an authenticator whose phone is gone. The present one counts until the new one is set up.',
    ),
    {
      type: 'input',
      block_id: 'recovery',
      label: plain('One of your recovery codes'),
      hint: plain('Seven groups of four, from the page on which you set up your authenticator.'),
      element: {
        type: 'plain_text_input',
        action_id: 'recovery',
        max_length: 80,
        placeholder: plain('7K2M-…'),
      },
    },
    context(`It serves once. No code left? Ask an admin to run ${on('reset @you')}.`),
  ]);

export const codesModal = (): Modal =>
  form({ callbackId: AUTHENTICATOR.codes, title: 'Recovery codes', submit: 'Go on' }, [
    section(
      'You get a link to a page that shows ten new recovery codes, once. The old ones then stop working.',
    ),
    codeInput('The six digits that your authenticator shows now.'),
  ]);

/** The link stands in a button of this form only. */
export const codesLinkModal = ({ url, expiresAt }: Offered): Modal => ({
  type: 'modal',
  callback_id: 'authenticator-codes-link',
  title: plain('Recovery codes'),
  close: plain('Done'),
  blocks: [
    section(
      `Open your page. It shows the codes once, for you alone, until ${timeOnly(expiresAt)}.`,
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
    context('Do not pass the link on. It works once.'),
  ],
});

const SPOKEN = context(
  'On record with your name. Speak to the person, best face to face, before you do: who holds their Slack gets their approvals.',
);

export const resetStartModal = (owner: string, confirmers: readonly string[]): Modal =>
  form(
    {
      callbackId: AUTHENTICATOR.resetStart,
      title: 'Reset authenticator',
      submit: 'Start the reset',
      metadata: JSON.stringify({ owner }),
    },
    [
      section(
        `You say that ${mention(owner)} lost the authenticator and the recovery codes. A second person has to confirm it; then a delay runs in which it can be called off.`,
      ),
      ...confirmersBlock(confirmers),
      codeInput('The six digits that your own authenticator shows now.'),
      SPOKEN,
    ],
  );

const confirmersBlock = (confirmers: readonly string[]): KnownBlock[] => [
  section(
    confirmers.length === 0
      ? '*Nobody in the policy can be the second person.*'
      : `Who can confirm: ${mentions(confirmers.slice(0, MENTIONED))}`,
  ),
];

export const resetConfirmModal = (
  about: { owner: string; resetId: string },
  startedBy: string,
): Modal =>
  form(
    {
      callbackId: AUTHENTICATOR.resetConfirm,
      title: 'Reset authenticator',
      submit: 'Confirm the reset',
      metadata: JSON.stringify(about),
    },
    [
      section(
        `${mention(startedBy)} says that ${mention(about.owner)} lost the authenticator and the recovery codes. You confirm that as the second person: it stops counting now, and what it approved for waiting requests is void.`,
      ),
      codeInput('The six digits that your own authenticator shows now.'),
      SPOKEN,
    ],
  );

export const resetStartedAnswer = (
  owner: string,
  started: { confirmUntil: string; confirmers: readonly string[] },
): Message => ({
  text: 'The reset is started',
  blocks: [
    section(
      `A second person has to confirm it until ${dayAndTime(started.confirmUntil)}: ${on(`reset @name`)} again, for ${mention(owner)}.`,
    ),
    ...confirmersBlock(started.confirmers),
  ],
});

export const resetConfirmedAnswer = (
  owner: string,
  { opensAt, closesAt }: { opensAt: string; closesAt: string },
): Message => ({
  text: 'The reset is confirmed',
  blocks: [
    section(
      `The authenticator of ${mention(owner)} no longer counts. They can set up a new one from ${dayAndTime(opensAt)} to ${dayAndTime(closesAt)}.`,
    ),
    context(`${on('cancel @name')} calls it off.`),
  ],
});

export const resetCancelledAnswer = (owner: string): Message => ({
  text: 'The reset is called off',
  blocks: [section(`The authenticator of ${mention(owner)} counts as before.`)],
});

export const authenticatorHelp = (): Message => ({
  text: 'What /access authenticator can do',
  blocks: [
    section(
      [
        `${code(`${COMMANDS.access} authenticator`)} where yours stands`,
        `${on('codes')} new recovery codes`,
        `${on('recover')} replaces it with a recovery code`,
        `${on('reset @name')} for somebody who lost both: an admin starts, a second person confirms`,
        `${on('cancel')} or ${on('cancel @name')} calls a reset off`,
      ].join('\n'),
    ),
  ],
});
