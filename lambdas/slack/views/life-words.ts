/** Noes to what happens to a request after it was made: more time, reminders; and the switches that stop new access. */

import type { PauseRefusal, PressRefusal } from '../../../shared/application/switches.ts';
import type { Refusal } from '../../../shared/domain/access-request/command.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import { COMMANDS } from '../commands.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { type TableOf, words } from './words.ts';

type Of<R extends { code: string }, C extends string> = Extract<R, { code: C }>;
const { access, request } = COMMANDS;

export const LIFE_WORDS: TableOf<
  Of<
    Refusal,
    | 'extension-too-long'
    | 'extension-too-late'
    | 'extension-pending'
    | 'no-extension'
    | 'not-your-grant'
    | 'nudged-just-now'
    | 'nudged-enough'
    | 'everything-stopped'
    | 'grants-paused'
  >
> = {
  'extension-too-long': ({ maxTotalSeconds, full = false }) =>
    full
      ? words(
          'This access cannot be made longer.',
          `It may last ${formatDuration(maxTotalSeconds)} in all, and does.`,
          `Ask anew when it has ended: ${code(`${request} again`)}.`,
        )
      : words(
          'That would be too long in total.',
          `With extensions the rule allows ${formatDuration(maxTotalSeconds)}.`,
          'Ask for less, or ask anew when this access has ended.',
        ),
  'extension-too-late': ({ endedAt }) =>
    words(
      'Too late: this access has ended.',
      `Its end came ${dayAndTime(endedAt)}, before the extension was decided.`,
      `Ask anew: ${code(`${request} again`)}.`,
    ),
  'extension-pending': () =>
    words(
      'More time has been asked for already.',
      'That waits for its approvals; there is one at a time.',
      'Wait for the answer, or take it back with the button of your receipt.',
    ),
  'no-extension': () =>
    words(
      'There is no extension to decide.',
      'It was decided or taken back meanwhile, or nobody asked for one.',
      'Nothing was changed; the card shows where it stands.',
    ),
  'not-your-grant': () =>
    words(
      'This is not your access.',
      'Only who asked for it, or holds it, can ask for more time.',
      'Have one of them ask.',
    ),
  'nudged-just-now': ({ nextAt }) =>
    words(
      'The approvers were reminded a moment ago.',
      'Once in a quarter of an hour is what they are asked to bear.',
      `The next reminder is possible ${dayAndTime(nextAt)}.`,
    ),
  'nudged-enough': ({ most }) =>
    words(
      'The approvers were reminded often enough.',
      `A request is reminded of ${most} times at most.`,
      'Talk to an approver, or withdraw the request and ask anew.',
    ),
  'everything-stopped': ({ since }) =>
    words(
      'Everything is stopped: no access is given now.',
      `Two admins pressed the red button, ${dayAndTime(since)}. What waited was withdrawn, live access ends.`,
      'Ask an admin; it takes two of them to lift it.',
    ),
  'grants-paused': ({ scope, since }) =>
    words(
      scope === 'all' ? 'New access is paused.' : 'New access is paused for this provider.',
      `An admin paused ${code(scope)}, ${dayAndTime(since)}. Access that ends goes on ending.`,
      `Try again once it is resumed; ${code(`${access} status`)} says when.`,
    ),
};

export const SWITCH_WORDS: TableOf<
  Of<
    PauseRefusal | PressRefusal,
    | 'admins-only'
    | 'already-stopped'
    | 'nothing-stopped'
    | 'second-admin-needed'
    | 'unknown-scope'
    | 'pause-unchanged'
  >
> = {
  'admins-only': () =>
    words(
      'Only admins can do that.',
      'The policy does not give you the role admin.',
      `Ask an admin. Your own access you end with ${code(`${access} end AR-…`)}.`,
    ),
  'already-stopped': ({ since }) =>
    words(
      'Everything is stopped already.',
      `That was ${dayAndTime(since)}.`,
      `Two admins lift it with ${code(`${access} red-button lift`)}.`,
    ),
  'nothing-stopped': () =>
    words(
      'Nothing is stopped.',
      'There is no stop that could be lifted.',
      `${code(`${access} red-button`)} stops everything.`,
    ),
  'second-admin-needed': ({ until }) =>
    words(
      'A second admin has to confirm this.',
      'You proposed it, and nobody confirms their own proposal.',
      `Another admin writes ${code(`${access} red-button`)} before ${dayAndTime(until)}.`,
    ),
  'unknown-scope': ({ scopes }) =>
    words(
      'Say what to pause.',
      `It is one of ${scopes.slice(0, 20).map(code).join(', ')}.`,
      `Write ${code(`${access} pause all`)}.`,
    ),
  'pause-unchanged': ({ scope, paused }) =>
    words(
      paused ? 'That is paused already.' : 'That is not paused.',
      `${code(scope)} stands as you want it.`,
      'There is nothing to do.',
    ),
};
