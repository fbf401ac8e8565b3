/** Every no to somebody who lost an authenticator, and to those who answer for them, in words. */
import type { OfferRefusal } from '../../../shared/application/enrol-parts.ts';
import type { RightsRefusal } from '../../../shared/domain/authenticator/enrolment-rights.ts';
import type { ResetRefusal } from '../../../shared/domain/authenticator/reset.ts';
import { COMMANDS } from '../commands.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { mention, mentions } from './parts.ts';
import { type TableOf, words } from './words.ts';

type Recovery = Extract<
  OfferRefusal,
  { code: 'recovery-code-malformed' | 'recovery-code-refused' | 'no-recovery-codes' }
>;
type Own = Recovery | Exclude<ResetRefusal, { code: RightsRefusal['code'] }>;

const on = (rest: string): string => code(`${COMMANDS.access} authenticator ${rest}`);
const MENTIONED = 5;
const some = (people: readonly string[]): string =>
  people.length === 0
    ? 'Nobody in the policy can: add an approver or admin'
    : `Ask ${mentions(people.slice(0, MENTIONED))}`;

export const RECOVERY_TABLE: TableOf<Own> = {
  'recovery-code-malformed': () =>
    words(
      'That is not a recovery code.',
      'A recovery code is seven groups of four letters and digits.',
      'Type it as the page showed it; capitals, blanks and dashes do not matter.',
    ),
  'recovery-code-refused': () =>
    words(
      'That recovery code was not accepted.',
      'It was wrong or used, or recovery codes are locked for a while.',
      'Try another one, or later. Without any, ask an admin to reset your authenticator.',
    ),
  'no-recovery-codes': () =>
    words(
      'You have no recovery codes.',
      'None were made for this authenticator, or all are used.',
      `With your authenticator: ${on('codes')} makes new ones. Without it, ask an admin to reset it.`,
    ),
  'nothing-to-reset': ({ person }) =>
    words(
      'There is nothing to reset.',
      `${mention(person)} has no authenticator.`,
      `They can set one up: ${code(`${COMMANDS.access} enroll`)}.`,
    ),
  'not-an-admin': () =>
    words(
      'You cannot start a reset.',
      'Only an admin of the policy can; an approver can confirm one.',
      'Ask an admin to start it.',
    ),
  'self-reset': () =>
    words(
      'You cannot reset your own authenticator.',
      'Two other people have to answer for it.',
      `Ask an admin. If you have a recovery code: ${on('recover')}.`,
    ),
  'second-person-needed': ({ confirmers }) =>
    words(
      'A second person is needed.',
      'Who started a reset cannot confirm it, from no account.',
      `${some(confirmers)}.`,
    ),
  'reset-started': ({ by }) =>
    words(
      'A reset is under way already.',
      `${mention(by)} started it; it wants a second person, not a second start.`,
      `Run ${on('reset @name')} again to confirm it.`,
    ),
  'reset-under-way': ({ opensAt }) =>
    words(
      'This authenticator is being reset already.',
      `The reset was confirmed; its owner can set up a new one from ${dayAndTime(opensAt)}.`,
      `${on('cancel @name')} calls it off.`,
    ),
  'no-reset': () =>
    words(
      'There is no such reset.',
      'It was called off, used, ran out, or another one took its place.',
      `${on('reset @name')} shows where it stands.`,
    ),
  'reset-not-supported': ({ person }) =>
    words(
      'This reset no longer holds.',
      `${mention(person)} answered for it and may no longer do so.`,
      `An admin calls it off (${on('cancel @name')}) and starts another one.`,
    ),
  'reset-waiting': ({ until }) =>
    words(
      'It is too early for a new authenticator.',
      `After a reset there is time to object, until ${dayAndTime(until)}.`,
      `Come back then: ${code(`${COMMANDS.access} enroll`)}. You did not lose it? ${on('cancel')}.`,
    ),
  'reset-over': () =>
    words(
      'The time for a new authenticator is over.',
      'A confirmed reset can be used for three days.',
      'Ask an admin to reset it again.',
    ),
  'not-allowed-to-cancel': () =>
    words(
      'You cannot call this reset off.',
      'Only its owner and admins can.',
      'Tell the owner, or an admin.',
    ),
};
