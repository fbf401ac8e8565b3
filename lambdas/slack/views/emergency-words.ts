/** Noes to what is not the usual way: break-glass, access that begins later, and the reviews that emergencies owe. */
import type { Refusal } from '../../../shared/domain/access-request/command.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { PolicyRefusal } from '../../../shared/domain/policy/refusal.ts';
import { ticketExample } from '../../../shared/domain/policy/ticket-example.ts';
import { COMMANDS } from '../commands.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { mention } from './parts.ts';
import { type TableOf, words } from './words.ts';

type Of<R extends { code: string }, C extends string> = Extract<R, { code: C }>;
const { access, request } = COMMANDS;
const usual = `Ask the ordinary way: without the tick, or the same line without ${code('--break-glass')}.`;

export const UNUSUAL_ASK_WORDS: TableOf<
  Of<
    PolicyRefusal,
    | 'break-glass-not-available'
    | 'incident-missing'
    | 'nobody-can-review'
    | 'start-not-available'
    | 'start-in-the-past'
    | 'start-too-far'
    | 'window-empty'
  >
> = {
  'break-glass-not-available': ({ entitlement }) =>
    words(
      'Break-glass is not available here.',
      `No break-glass rule of the policy covers ${code(entitlement)} for you.`,
      `${usual} In an emergency call an admin.`,
    ),
  'incident-missing': ({ rule, pattern }) =>
    words(
      'Break-glass needs the incident it is for.',
      `Rule ${code(rule)} asks for its key, ${keyLike(pattern)}.`,
      `Name it in the form, or right behind the flag: ${code(`--break-glass ${keyExample(pattern)}`)}.`,
    ),
  'nobody-can-review': ({ rule }) =>
    words(
      'Nobody could review this break-glass.',
      `Rule ${code(rule)} allows it, but there is nobody beside you who could approve that access.`,
      `${usual} Tell an admin: the policy needs one more approver.`,
    ),
  'start-not-available': ({ rule }) =>
    words(
      'Break-glass begins at once.',
      `Rule ${code(rule)} is for emergencies; those cannot be planned.`,
      `Leave the start out (${code('--at')}, ${code('--window')}), or ask the ordinary way.`,
    ),
  'start-in-the-past': ({ at }) =>
    words(
      'That start is over already.',
      `${dayAndTime(at)} has passed.`,
      'Say a time that is still to come, or none to begin once it is approved.',
    ),
  'start-too-far': ({ latest, withinSeconds }) =>
    words(
      'That is too far ahead.',
      `The rule allows ${formatDuration(withinSeconds)} ahead: ${dayAndTime(latest)} at the latest.`,
      'Ask again nearer to the time.',
    ),
  'window-empty': () =>
    words(
      'That window ends before it begins.',
      'Its end must come after its start.',
      `Choose a later end, or write it like ${code('--window 2026-11-28T02:00/06:00')}.`,
    ),
};

/** Nobody has to read a pattern. */
const keyExample = (pattern: string | null): string =>
  (pattern === null ? null : ticketExample(pattern)) ?? 'INC-123';
const keyLike = (pattern: string | null): string => {
  const example = pattern === null ? 'INC-123' : ticketExample(pattern);
  return example === null ? `written as ${code(pattern ?? '')}` : `written like ${code(example)}`;
};

export const UNUSUAL_LIFE_WORDS: TableOf<
  Of<
    Refusal,
    | 'review-owed'
    | 'break-glass-quota'
    | 'nothing-to-review'
    | 'already-reviewed'
    | 'not-a-reviewer'
    | 'window-closed'
    | 'approvals-no-longer-count'
  >
> = {
  'review-owed': ({ of, reviewBy }) =>
    words(
      'A review of your last break-glass is overdue.',
      `${of} was to be reviewed by ${dayAndTime(reviewBy)}; until that is done there is no other break-glass for you.`,
      `Somebody who could have approved it reviews it: ${code(`${access} review ${of}`)}. ${usual}`,
    ),
  'break-glass-quota': ({ max, againAt }) =>
    words(
      'You have no break-glass left this week.',
      `The rule allows ${max} in seven days.`,
      `The next one is possible ${dayAndTime(againAt)}. ${usual}`,
    ),
  'nothing-to-review': () =>
    words(
      'There is nothing to review.',
      'Only access that was taken by break-glass owes a review.',
      `${code(`${access} pending`)} lists what waits for you.`,
    ),
  'already-reviewed': ({ by, at }) =>
    words(
      'This break-glass is reviewed already.',
      `${mention(by)} did, ${dayAndTime(at)}.`,
      'Nothing was changed; the card shows the verdict.',
    ),
  'not-a-reviewer': ({ why }) =>
    words('You cannot review this break-glass.', NOT_A_REVIEWER[why], REVIEW_BY_OTHERS),
  'window-closed': ({ until }) =>
    words(
      'Too late: its window is closed.',
      `It could be started before ${dayAndTime(until)}.`,
      `Ask again: ${code(`${request} again`)}.`,
    ),
  'approvals-no-longer-count': ({ needed, have }) =>
    words(
      'The approvals it was given no longer suffice.',
      `Judged now, ${have} of ${needed} count: the policy or the people changed since.`,
      `Ask again: ${code(`${request} again`)}.`,
    ),
};

const NOT_A_REVIEWER = {
  requester: 'You took it yourself.',
  subject: 'You held it yourself.',
  'same-identity':
    'You share an account or an address with who took it, so you count as one person.',
  'no-right': 'Reviewing needs the right to approve that access.',
} as const;
const REVIEW_BY_OTHERS = 'Somebody else who could have approved it reviews it.';
