/**
 * What happened to an authenticator, in words: to its owner, who must notice what was not theirs, and to the security
 * channel. Pure; exhaustive by type. No message holds a link, a code or a secret; what a button does is decided anew.
 */
import type { AuthenticatorEvent } from '../../../shared/domain/authenticator/model.ts';
import { RECOVERY } from '../../../shared/domain/authenticator/recovery.ts';
import { COMMANDS } from '../commands.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { noticeOf } from './enroll.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { actions, actorName, context, type Message, mention, section } from './parts.ts';

export type Notices = { owner: Message | null; security: Message | null };
type Of<T extends AuthenticatorEvent['type']> = Extract<AuthenticatorEvent, { type: T }>;

export const RESET_ACTIONS = { cancel: 'reset-cancel', confirm: 'reset-confirm' } as const;

const NOBODY: Notices = { owner: null, security: null };
const on = (rest: string): string => code(`${COMMANDS.access} authenticator ${rest}`);
const NOT_YOU = 'If this was not you, tell your security team now: somebody uses your Slack.';
const message = (text: string, ...blocks: KnownBlock[]): Message => ({ text, blocks });

export function noticesFor(event: AuthenticatorEvent): Notices {
  switch (event.type) {
    case 'AuthenticatorEnrolled':
    case 'AuthenticatorReplaced':
      return noticeOf(event);
    case 'CodeAccepted':
    case 'CodeRefused':
    case 'RecoveryCodeRefused':
      return NOBODY;
    case 'AuthenticatorLocked':
      return locked(event, 'one-time codes');
    case 'RecoveryLocked':
      return locked(event, 'recovery codes');
    case 'RecoveryCodesIssued':
      return issued(event);
    case 'RecoveryCodeUsed':
      return used(event);
    case 'AuthenticatorResetStarted':
      return resetStarted(event);
    case 'AuthenticatorResetConfirmed':
      return resetConfirmed(event);
    case 'AuthenticatorResetCancelled':
      return resetCancelled(event);
    case 'AuthenticatorResetUsed':
      return resetUsed(event);
    default:
      return event satisfies never;
  }
}

/** To the owner, when the delay of a reset is over. */
export const resetOpenNotice = (closesAt: string): Message =>
  message(
    'You can set up a new authenticator',
    section(
      `The delay of your reset is over. You can set up a new authenticator until ${dayAndTime(closesAt)}.`,
    ),
    ...enrolButton(),
    context(`You did not lose it? ${on('cancel')} calls the reset off.`),
  );

const enrolButton = (): KnownBlock[] =>
  actions([
    {
      type: 'button',
      action_id: 'enroll',
      text: { type: 'plain_text', text: 'Set up my authenticator' },
      style: 'primary',
    },
  ]);

type AboutReset = { owner: string; resetId: string };
const buttonValue = ({ owner, resetId }: AboutReset): string => JSON.stringify({ owner, resetId });

const cancelButton = (about: AboutReset): Button => ({
  type: 'button',
  action_id: RESET_ACTIONS.cancel,
  text: { type: 'plain_text', text: 'Call it off' },
  value: buttonValue(about),
  style: 'danger',
});
const confirmButton = (about: AboutReset): Button => ({
  type: 'button',
  action_id: RESET_ACTIONS.confirm,
  text: { type: 'plain_text', text: 'Confirm as second person' },
  value: buttonValue(about),
});

function locked(event: Of<'AuthenticatorLocked' | 'RecoveryLocked'>, what: string): Notices {
  const { owner, until, at } = event;
  const how = until ? `until ${dayAndTime(until)}` : 'until there is a new proof';
  const words = `Too many wrong ${what} were entered, last ${dayAndTime(at)}. They are refused ${how}.`;
  return {
    owner: message(
      `Your ${what} are locked`,
      section(words),
      context(`${NOT_YOU} Where it stands: ${code(`${COMMANDS.access} authenticator`)}.`),
    ),
    security: message(`Too many wrong ${what}`, section(`${mention(owner)}: ${words}`)),
  };
}

/** Those that came with an authenticator are part of its own notice. */
function issued({ owner, count, at, occasion }: Of<'RecoveryCodesIssued'>): Notices {
  if (occasion === 'enrolment') return NOBODY;
  return {
    owner: message(
      'You have new recovery codes',
      section(
        `${count} recovery codes were shown to you on the page, ${dayAndTime(at)}. Older ones no longer work.`,
      ),
      context(`${NOT_YOU} ${on('codes')} makes new ones.`),
    ),
    security: message(
      'Recovery codes were made',
      section(`${mention(owner)} got new recovery codes, ${dayAndTime(at)}.`),
    ),
  };
}

function used({ owner, left, at }: Of<'RecoveryCodeUsed'>): Notices {
  const few = left <= RECOVERY.warnAt;
  const remain = left === 1 ? '1 recovery code remains' : `${left} recovery codes remain`;
  return {
    owner: message(
      few ? `A recovery code was used: ${remain}` : 'A recovery code was used',
      section(
        `You used a recovery code to replace your authenticator, ${dayAndTime(at)}. The present one counts until the new one is set up. ${few ? `*Only ${remain.replace(' remains', '').replace(' remain', '')} left*` : remain} for the present one.`,
      ),
      context(few ? `${NOT_YOU} New codes: ${on('codes')}.` : NOT_YOU),
    ),
    security: message(
      'A recovery code was used',
      section(
        `${mention(owner)} used a recovery code to replace the authenticator, ${dayAndTime(at)}.`,
      ),
    ),
  };
}

function resetStarted(event: Of<'AuthenticatorResetStarted'>): Notices {
  const { owner, actor, confirmUntil } = event;
  const by = actorName(actor);
  return {
    owner: message(
      'Somebody wants to reset your authenticator',
      section(
        `${by} says that you lost your authenticator and your recovery codes, and started a reset. A second person can confirm it until ${dayAndTime(confirmUntil)}.`,
      ),
      ...actions([cancelButton(event)]),
      context(`You lost nothing? Call it off: here, or with ${on('cancel')}.`),
    ),
    security: message(
      'An authenticator is to be reset',
      section(
        `${by} started a reset of the authenticator of ${mention(owner)}. Another approver or admin can confirm it until ${dayAndTime(confirmUntil)}, best after speaking to ${mention(owner)} face to face.`,
      ),
      ...actions([confirmButton(event), cancelButton(event)]),
    ),
  };
}

function resetConfirmed(event: Of<'AuthenticatorResetConfirmed'>): Notices {
  const { owner, actor, startedBy, opensAt, closesAt, at } = event;
  const by = `${mention(startedBy)} and ${actorName(actor)}`;
  const now = opensAt <= at;
  const when = now
    ? `You can set up a new one now, until ${dayAndTime(closesAt)}.`
    : `You can set up a new one from ${dayAndTime(opensAt)} to ${dayAndTime(closesAt)}.`;
  const void_ = 'What it approved for requests that still wait no longer counts.';
  return {
    owner: message(
      'Your authenticator is being reset',
      section(`${by} confirmed that you lost it. It no longer counts. ${void_} ${when}`),
      ...actions([cancelButton(event)]),
      ...(now ? enrolButton().map((block) => ({ ...block, block_id: 'enroll' })) : []),
      context(
        `You lost nothing? Call it off: here, or with ${on('cancel')}. Then tell your security team.`,
      ),
    ),
    security: message(
      'An authenticator is being reset',
      section(
        `${by} confirmed the reset of the authenticator of ${mention(owner)}. It no longer counts. ${void_} A new one can be set up from ${dayAndTime(opensAt)}; until then the owner and admins can call it off.`,
      ),
      ...actions([cancelButton(event)]),
    ),
  };
}

function resetCancelled({ owner, actor, at }: Of<'AuthenticatorResetCancelled'>): Notices {
  const words = `${actorName(actor)} called off the reset of the authenticator of ${mention(owner)}, ${dayAndTime(at)}. The present one counts.`;
  return {
    owner: message('The reset of your authenticator was called off', section(words)),
    security: message('A reset was called off', section(words)),
  };
}

function resetUsed({ owner, at }: Of<'AuthenticatorResetUsed'>): Notices {
  return {
    owner: message(
      'A link to a new authenticator was made',
      section(`After the reset, you opened a link to a new authenticator, ${dayAndTime(at)}.`),
      context(`${NOT_YOU} ${on('cancel')} stops it.`),
    ),
    security: message(
      'A reset is being used',
      section(`${mention(owner)} opened a link to a new authenticator, ${dayAndTime(at)}.`),
    ),
  };
}
