/** What could not be read, and who was silent. */
import { COMMANDS } from '../commands.ts';
import type { ShellRefusal } from '../shell-refusal.ts';
import { code } from './escape.ts';
import { example, suggestions, type TableOf, words } from './words.ts';

const { access } = COMMANDS;

const WRONG_FLAG = {
  twice: () => 'It stands there twice.',
  together: () => 'It says when, and something else does already.',
  value: (typed: string) =>
    typed === '' ? 'Nothing stands behind it.' : `${code(typed)} is nothing it knows.`,
} as const;
const FLAG_EXAMPLES = {
  '--for': '--for @bo',
  '--break-glass': '--break-glass INC-123',
  '--at': '--at 2026-11-28T02:00',
  '--window': '--window 2026-11-28T02:00/06:00',
} as const;

export const SHELL_WORDS: TableOf<ShellRefusal> = {
  'not-supported-yet': ({ what }) =>
    words(
      'That is not supported yet.',
      `${code(what)} comes with a later version.`,
      'Leave it out and ask for yourself, the ordinary way.',
    ),
  'nothing-to-ask-for': () =>
    words(
      'There is nothing you can ask for now.',
      'You are in the access policy, but no rule of it lets you ask for anything at this time.',
      'Ask an owner of the policy file for a rule.',
    ),
  'field-empty': ({ field }) =>
    words(
      `The ${field} is missing.`,
      'Nothing was chosen there.',
      `Choose ${field === 'end of the window' ? 'an' : 'a'} ${field}.`,
    ),
  'not-understood': ({ part, typed, didYouMean }) =>
    words(
      `The ${part} was not understood.`,
      typed === ''
        ? `No ${part} was given.`
        : `${code(typed)} is no ${part} here.${suggestions(didYouMean)}`,
      part === 'duration'
        ? `Write it as 30m, 2h, 1h30m or "until 17:30": ${code(example)}.`
        : `Write: ${code(example)}.`,
    ),
  'flag-not-understood': ({ flag, typed, wrong }) =>
    words(
      `The option ${code(flag)} was not understood.`,
      WRONG_FLAG[wrong](typed),
      `Write ${code(FLAG_EXAMPLES[flag])}; times are those of the policy's time zone.`,
    ),
  'nothing-to-repeat': () =>
    words(
      'There is nothing to repeat.',
      'You have not asked for anything yet, or its words were erased.',
      `Ask: ${code(example)}.`,
    ),
  'unknown-subcommand': ({ typed, didYouMean }) =>
    words(
      'That command does not exist.',
      `${access} does not know ${code(typed)}.${suggestions(didYouMean)}`,
      `${code(`${access} help`)} lists what it knows.`,
    ),
  'id-missing': ({ subcommand }) =>
    words(
      'Say which request.',
      'An id looks like AR-7K2M9Q.',
      `Write ${code(`${access} ${subcommand} AR-7K2M9Q`)}; ${code(`${access} mine`)} and ${code(`${access} pending`)} list ids.`,
    ),
  'who-of-what': ({ offered }) =>
    words(
      'Say for what.',
      offered.length > 0
        ? `You may look at ${offered.map(code).join(', ')}.`
        : 'No rule of the policy concerns you.',
      `Write ${code(`${access} who github:acme/deployers`)}, with a role behind it if you like.`,
    ),
  'not-visible': ({ part, typed, didYouMean }) =>
    words(
      `There is no such ${part} that you may look at.`,
      `${code(typed)} is unknown, or no rule lets you ask for it or decide about it.${suggestions(didYouMean)}`,
      `${code(`${access} who`)} alone lists what you may look at.`,
    ),
  'reason-missing': () =>
    words(
      'Say why you deny it.',
      'A denial needs a reason; the requester reads it.',
      `Write ${code(`${access} deny AR-7K2M9Q too risky today`)}.`,
    ),
  'bad-duration': () =>
    words(
      'That is not a duration.',
      'Write 30m, 2h or 1h30m.',
      'Choose what was asked for, or less.',
    ),
  'action-unreadable': () =>
    words(
      'That button or form could not be read.',
      'It does not say which request it belongs to.',
      `Nothing was changed. ${code(`${access} pending`)} shows what waits.`,
    ),
  'too-slow': () =>
    words(
      'Slack closed the door before the form could open.',
      'A form has to open within three seconds of the click.',
      'Nothing was decided. Click again.',
    ),
  'slack-silent': () =>
    words(
      'Slack did not answer; nothing was decided.',
      'A question to Slack failed or took too long.',
      `Try again; ${code(`${access} mine`)} shows what is recorded.`,
    ),
  'store-silent': () =>
    words(
      'AWS did not answer; what you did may or may not be recorded.',
      'The store of Hallpass failed or took too long. Doing it again has no second effect.',
      `Try again; ${code(`${access} mine`)} shows what is recorded.`,
    ),
  'keys-silent': () =>
    words(
      'The key service did not answer; nothing was decided.',
      'Without it no code can be checked.',
      'Try again with the next code.',
    ),
};
