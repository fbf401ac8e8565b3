/**
 * Every no a person can get, in words: what happened, why, what to do now, and the stable code in small print. One table,
 * exhaustive by type: a code without a sentence does not compile. Typed text stands in code style only, never in `happened`,
 * which is also the notification.
 */
import type { SubmitRefusal } from '../../../shared/application/ask.ts';
import type { CommandRefusal } from '../../../shared/application/execute-command.ts';
import type { CodeRefusal } from '../../../shared/application/verify-code.ts';
import type { RequestStatus } from '../../../shared/domain/access-request/model.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { NotFullMember } from '../../../shared/domain/policy/identity.ts';
import { COMMANDS } from '../commands.ts';
import type { ShellRefusal } from '../shell-refusal.ts';
import { code, mrkdwn } from './escape.ts';
import { dayAndTime, span } from './instants.ts';
import { actorName, mention } from './parts.ts';

export type AnyRefusal = CommandRefusal | CodeRefusal | SubmitRefusal | ShellRefusal;
export type RefusalCode = AnyRefusal['code'];
export type Words = {
  readonly happened: string;
  readonly why: string;
  readonly next: string;
};

type Matching<R, C> = R extends { code: infer K } ? (C extends K ? R : never) : never;
type ByCode = { [C in RefusalCode]: Matching<AnyRefusal, C> };
type Table = { [C in RefusalCode]: (refusal: ByCode[C], now: Date) => Words };

const words = (happened: string, why: string, next: string): Words => ({ happened, why, next });
const names = (all: readonly string[]): string => all.map((name) => `@${mrkdwn(name)}`).join(', ');
const hours = (refusal: ByCode['outside-working-hours']): string =>
  refusal.hours
    ? `${refusal.hours.days.join(', ')} ${refusal.hours.from}–${refusal.hours.to} ${mrkdwn(refusal.timezone)}`
    : 'none are written in the policy';
const suggestions = (all: readonly string[]): string =>
  all.length === 0 ? '' : ` Did you mean ${all.map(code).join(', ')}?`;
const example = `${COMMANDS.request} github:acme/deployers member 2h INC-123 rollback`;
const { access } = COMMANDS;

const NOT_MEMBER: Readonly<Record<NotFullMember, string>> = {
  deactivated: 'the Slack account is deactivated',
  bot: 'it is a bot',
  guest: 'guests take no part in access decisions',
  stranger: 'people of other companies take no part in access decisions',
  'other-workspace': 'the account belongs to another workspace',
  'email-unverified': 'the e-mail address was never confirmed in Slack',
};

const STANDS: Readonly<Record<RequestStatus, string>> = {
  new: 'not made yet',
  pending: 'still waiting for approval',
  denied: 'already denied',
  withdrawn: 'already withdrawn',
  lapsed: 'already lapsed, unanswered',
  activating: 'already approved, the access is being set up',
  active: 'already approved and active',
  removing: 'already ending',
  ended: 'already ended',
  failed: 'already approved, but the provider did not take it',
};

const TABLE: Table = {
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
  'break-glass-not-available': ({ rule }) =>
    words(
      'Break-glass is not available.',
      `Only the break-glass rule ${code(rule)} matches, and this version cannot run it yet.`,
      'Ask the ordinary way, or call an admin.',
    ),
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
      'Write at the end of the line why you need it.',
    ),
  'justification-too-long': ({ max, have }) =>
    words(
      'The reason is too long.',
      `${max} characters fit, there are ${have}.`,
      'Shorten it, and put the rest into the ticket.',
    ),
  'ticket-missing': ({ pattern }) =>
    words(
      'The reason names no ticket.',
      `The rule looks for ${code(pattern)} in it.`,
      'Add the ticket, for example INC-123, and ask again.',
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
  'unknown-request': () =>
    words(
      'There is no such request.',
      'The id is not known here.',
      `${code(`${access} mine`)} and ${code(`${access} pending`)} list the ids.`,
    ),
  'wrong-status': ({ status, by, at }, now) =>
    words(
      `This request is ${STANDS[status]}.`,
      `That was${by ? ` by ${actorName(by)}` : ''}${at ? `, ${span(at, now)} ago` : ' before you'}.`,
      'Nothing was changed; the card shows where it stands.',
    ),
  'content-changed': () =>
    words(
      'The request is no longer what you saw.',
      'The policy or the request changed meanwhile, and a decision counts only for what was shown.',
      'Open it again, read it, and decide anew.',
    ),
  'code-required': ({ from }) =>
    words(
      'A one-time code is needed.',
      `The rule asks the ${from} for one.`,
      'Use the button, which opens the form for it.',
    ),
  'already-pending': ({ requestId }) =>
    words(
      'You have asked for this already.',
      `${requestId} waits for an answer.`,
      `${code(`${access} withdraw ${requestId}`)} takes it back.`,
    ),
  'request-lapsed': ({ lapsedAt }) =>
    words(
      'Too late: this request has lapsed.',
      `Nobody answered before ${dayAndTime(lapsedAt)}.`,
      `The requester can ask again: ${code(`${COMMANDS.request} again`)}.`,
    ),
  'not-due': ({ dueAt }) =>
    words('It is too early for that.', `It is due at ${dayAndTime(dueAt)}.`, 'Wait until then.'),
  'not-your-request': () =>
    words(
      'This is not your request.',
      'Only who asked for it can take it back.',
      `An approver can deny it: ${code(`${access} deny AR-… why`)}.`,
    ),
  'not-allowed-to-end': () =>
    words(
      'You cannot end this access.',
      'Who asked, who holds it, its approvers and admins can.',
      'Ask one of them, or an admin.',
    ),
  'duration-not-shorter': ({ askedSeconds }) =>
    words(
      'You can approve for less, not for more.',
      `${formatDuration(askedSeconds)} were asked for.`,
      'Leave the field empty to approve what was asked.',
    ),
  'extension-too-long': ({ maxTotalSeconds }) =>
    words(
      'That would be too long in total.',
      `With extensions the rule allows ${formatDuration(maxTotalSeconds)}.`,
      'Ask anew when this access has ended.',
    ),
  'policy-unavailable': () =>
    words(
      'There is no access policy in force, so nothing can be decided.',
      'No valid policy file has been loaded yet.',
      'Tell the operators: the policy check names what is wrong in the file.',
    ),
  'code-already-used': () =>
    words(
      'That code was used already.',
      'Each code serves once.',
      'Wait for the next code, up to 30 seconds, and enter that one.',
    ),
  'not-enrolled': () =>
    words(
      'You have no authenticator yet.',
      'This decision needs a one-time code, and it waits for you.',
      `Enrol first: ${code(`${access} enroll`)}. Then decide.`,
    ),
  'authenticator-on-hold': ({ until }) =>
    words(
      'Your authenticator is too new to approve.',
      `It may be used for approvals from ${dayAndTime(until)}.`,
      'Another approver can decide now.',
    ),
  'code-malformed': () =>
    words(
      'That is not a code.',
      'A code is six digits.',
      'Type the six digits your authenticator shows now.',
    ),
  'code-refused': () =>
    words(
      'That code was not accepted.',
      'It was wrong, or the authenticator is locked for a while.',
      'Check the clock of your phone and try the code it shows now, or later.',
    ),
  'draft-gone': () =>
    words(
      'This draft is gone.',
      'A draft that is not submitted is kept for 30 minutes.',
      `Ask again, for example: ${code(example)}.`,
    ),
  'not-your-draft': () =>
    words('This is not your draft.', 'Somebody else typed it.', `Type your own: ${code(example)}.`),
  'not-supported-yet': ({ what }) =>
    words(
      'That is not supported yet.',
      `${code(what)} comes with a later version.`,
      'Leave it out and ask for yourself, the ordinary way.',
    ),
  'nothing-typed': ({ offered }) =>
    words(
      'Say what you need.',
      offered.length > 0
        ? `You can ask for ${offered.map(code).join(', ')}.`
        : 'No rule lets you ask for anything now.',
      `For example: ${code(example)}.`,
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
      `Write ${code(`${access} ${subcommand} AR-7K2M9Q`)}; ${code(`${access} pending`)} lists ids.`,
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
      'Leave the field empty to approve what was asked.',
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

export const REFUSAL_CODES: readonly string[] = Object.keys(TABLE);

function say<C extends RefusalCode>(refusalCode: C, refusal: ByCode[C], now: Date): Words {
  const sentence: Table[C] = TABLE[refusalCode];
  return sentence(refusal, now);
}

export const wordsFor = (refusal: AnyRefusal, now: Date): Words => say(refusal.code, refusal, now);
