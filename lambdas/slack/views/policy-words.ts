/** What the policy says no to. */
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { NotFullMember } from '../../../shared/domain/policy/identity.ts';
import type { PolicyRefusal } from '../../../shared/domain/policy/refusal.ts';
import type { Tracker } from '../../../shared/domain/policy/schema/ticket.ts';
import { ticketExample } from '../../../shared/domain/policy/ticket-example.ts';
import { COMMANDS } from '../commands.ts';
import { UNUSUAL_ASK_WORDS } from './emergency-words.ts';
import { code, mrkdwn } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { mention } from './parts.ts';
import { type ByCode, names, type TableOf, words } from './words.ts';

const hours = (refusal: ByCode<PolicyRefusal>['outside-working-hours']): string =>
  refusal.hours
    ? `${refusal.hours.days.join(', ')} ${refusal.hours.from}–${refusal.hours.to} ${mrkdwn(refusal.timezone)}`
    : 'none are written in the policy';

const NOT_MEMBER: Readonly<Record<NotFullMember, string>> = {
  deactivated: 'the Slack account is deactivated',
  bot: 'it is a bot',
  guest: 'guests take no part in access decisions',
  stranger: 'people of other companies take no part in access decisions',
  'other-workspace': 'the account belongs to another workspace',
  'email-unverified': 'the e-mail address was never confirmed in Slack',
};

const TRACKERS: Readonly<Record<Tracker, string>> = { jira: 'Jira', github: 'GitHub Issues' };

export const POLICY_WORDS: TableOf<PolicyRefusal> = {
  'unknown-person': ({ person }) =>
    words(
      'You and everybody involved must be in the access policy.',
      `${mention(person)} is not listed there.`,
      'Ask an owner of the policy file to add the person, then try again.',
    ),
  'unknown-entitlement': ({ entitlement }) =>
    words(
      'There is no such target.',
      `The policy does not know ${code(entitlement)}.`,
      `${code(`${COMMANDS.request} help`)} lists what you can ask for.`,
    ),
  'unknown-role': ({ role, roles }) =>
    words(
      'That role does not exist there.',
      `The policy has no role ${code(role)} for this target.`,
      `Ask for ${roles.map(code).join(' or ')}.`,
    ),
  'no-matching-rule': ({ entitlement }) =>
    words(
      'You cannot ask for that.',
      `No rule of the policy lets you ask for ${code(entitlement)}.`,
      'Ask an owner of the policy file for a rule, or ask for something else.',
    ),
  'denied-by-rule': ({ rule }) =>
    words(
      'The policy forbids that.',
      `Rule ${code(rule)} denies it, whatever other rules say.`,
      'Talk to the owner of the policy file.',
    ),
  'on-behalf-not-allowed': ({ person, rule }) =>
    words(
      'You cannot ask for somebody else here.',
      `Rule ${code(rule)} does not let you ask for ${mention(person)}.`,
      'They can ask for themself.',
    ),
  ...UNUSUAL_ASK_WORDS,
  'outside-working-hours': (refusal) =>
    words(
      'That is possible in working hours only.',
      `Rule ${code(refusal.rule)} says so; working hours: ${hours(refusal)}.`,
      'Ask again then, or call an admin.',
    ),
  'inside-working-hours': (refusal) =>
    words(
      'That is possible outside working hours only.',
      `Rule ${code(refusal.rule)} says so; working hours: ${hours(refusal)}.`,
      'Ask by the rule for the day, or ask again then.',
    ),
  frozen: ({ freeze, until }) =>
    words(
      'There is a freeze.',
      `Window ${code(freeze)} of the policy holds until ${dayAndTime(until)}.`,
      'Ask again then, or ask somebody whom the freeze excepts.',
    ),
  'too-many-asks': ({ limit, again }) =>
    words(
      'You asked too often.',
      `The policy allows ${limit} ${limit === 1 ? 'request' : 'requests'} in an hour.`,
      `Ask again from ${dayAndTime(again)} on.`,
    ),
  'too-many-pending': ({ limit, requestId }) =>
    words(
      'You already wait for that.',
      `The policy lets ${limit} ${limit === 1 ? 'request' : 'requests'} for one target wait; one is ${code(requestId)}.`,
      'Wait for its decision, or withdraw it.',
    ),
  'cooling-down': ({ until }) =>
    words(
      'That was denied a short while ago.',
      `The policy lets it be asked for again from ${dayAndTime(until)} on.`,
      'Talk to who denied it, and ask again then.',
    ),
  'day-used-up': ({ day, maxSeconds, leftSeconds }) =>
    words(
      'That would be too long for one day.',
      `The policy allows ${formatDuration(maxSeconds)} a day of this target; ${formatDuration(leftSeconds)} of ${day} are left.`,
      leftSeconds >= 60
        ? `Ask for ${formatDuration(leftSeconds - (leftSeconds % 60)).replaceAll(' ', '')} or less.`
        : 'Ask again on another day.',
    ),
  'duties-not-separate': ({ separation, entitlement, requestId }) =>
    words(
      'Nobody may have both.',
      `${code(separation)} of the policy keeps it apart from ${code(entitlement)} (${code(requestId)}).`,
      'End or withdraw that one first, or have somebody else do this.',
    ),
  'counts-unknown': () =>
    words(
      'Nothing was decided.',
      'The policy counts earlier requests here, and they could not be counted.',
      'Try again in a minute.',
    ),
  'not-on-call': ({ rule, group }) =>
    words(
      'That is for whoever is on call.',
      `Rule ${code(rule)} is for the group ${code(group)}, and you are not in it now.`,
      'Ask somebody who is on call, or ask again when you are.',
    ),
  'group-unknown': ({ groups }) =>
    words(
      'Nobody could say who is in a group, so nothing was decided.',
      `It matters here who is in ${names(groups)}, and there is no fresh answer.`,
      'Try again in a minute. If it stays, tell whoever runs Hallpass.',
    ),
  'duration-too-short': ({ minSeconds }) =>
    words(
      'That is too short.',
      `The shortest access is ${formatDuration(minSeconds)}.`,
      'Ask for longer, for example 30m.',
    ),
  'duration-too-long': ({ maxSeconds }) =>
    words(
      'That is too long.',
      `The rule allows ${formatDuration(maxSeconds)} at most.`,
      `Ask for ${formatDuration(maxSeconds).replaceAll(' ', '')} or less.`,
    ),
  'justification-too-short': ({ min, have }) =>
    words(
      'The reason is too short.',
      `The rule wants ${min} characters, there are ${have}.`,
      `Say in at least ${min} characters why you need it.`,
    ),
  'ticket-missing': ({ pattern, instead }) => {
    const example = ticketExample(pattern);
    return words(
      instead === undefined ? 'The reason names no ticket.' : 'That is no ticket for this.',
      `${instead === undefined ? 'The rule' : `${code(instead)} is none that the rule takes: it`} looks for its key in it${example === null ? `, written as ${code(pattern)}` : ''}.`,
      `Add the ticket, ${example === null ? `as ${code(pattern)} finds it` : `for example ${code(example)}`}, and ask again.`,
    );
  },
  'ticket-unknown': ({ tracker, key }) =>
    words(
      'There is no such ticket.',
      `${TRACKERS[tracker]} knows no ${code(key)}, or does not show it to Hallpass.`,
      'Correct the ticket and ask again, or have it shown to Hallpass.',
    ),
  'ticket-closed': ({ tracker, key }) =>
    words(
      'The ticket is closed.',
      `${code(key)} is closed in ${TRACKERS[tracker]}, and the rule wants an open one.`,
      'Open it again, or ask anew with the ticket you work on.',
    ),
  'ticket-unreadable': ({ tracker, key }) =>
    words(
      'The ticket could not be read, so nothing was decided.',
      `${TRACKERS[tracker]} gave no clear answer about ${code(key)}.`,
      'Try again in a minute. If it stays, tell whoever runs Hallpass.',
    ),
  'provider-not-configured': ({ provider }) =>
    words(
      'That cannot be given here.',
      `The policy names ${code(provider)}, but this Hallpass was deployed without it.`,
      'Ask whoever runs Hallpass to configure it, or to take it out of the policy.',
    ),
  'no-account': ({ provider, person }) =>
    words(
      'There is no account to give the access to.',
      `The policy names no ${code(provider)} login for ${mention(person)}.`,
      'Ask an owner of the policy file to add the login.',
    ),
  'nobody-can-approve': ({ rule, needed, from }) =>
    words(
      'Nobody could approve that.',
      `Rule ${code(rule)} needs ${needed} of ${names(from)} beside you, and there are too few.`,
      'Tell the owner of the policy file: the rule cannot be satisfied for you.',
    ),
  'not-a-full-member': ({ person, why }) =>
    words(
      'Only active full members of this workspace take part.',
      `${mention(person)}: ${NOT_MEMBER[why]}.`,
      'Have a full member do it.',
    ),
  'evidence-stale': ({ person }) =>
    words(
      'Slack did not say who somebody is, so nothing was decided.',
      `There is no fresh answer about ${mention(person)}.`,
      'Try again in a minute.',
    ),
  'self-approval': () =>
    words(
      'You cannot approve your own request.',
      'You asked for this access, so somebody else decides.',
      'Ask one of the approvers on the card. You may withdraw the request.',
    ),
  'subject-approval': () =>
    words(
      'You cannot approve access for yourself.',
      'You would hold this access, so somebody else decides.',
      'Ask one of the approvers on the card.',
    ),
  'same-identity': ({ as }) =>
    words(
      'You cannot approve your own request.',
      `This Slack account and the ${as}'s belong to the same person.`,
      'Another human has to decide.',
    ),
  'not-an-approver': ({ from }) =>
    words(
      'You are not an approver for this.',
      from && from.length > 0 ? `The rule asks ${names(from)}.` : 'The rule asks other people.',
      'Leave it to the approvers named on the card.',
    ),
  'already-approved': ({ by }) =>
    words(
      'You have already approved this.',
      `Your approval by ${mention(by)} counts; one person counts once.`,
      'Nothing is left to do for you; another approver is needed.',
    ),
  'approval-not-needed': () =>
    words(
      'Your approval is not needed here.',
      'The places you could fill are filled already.',
      'Approvers of the other group are needed.',
    ),
};
