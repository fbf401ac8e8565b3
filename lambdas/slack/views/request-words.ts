/** What a request, a draft or an authenticator says no to. */
import type { SubmitRefusal } from '../../../shared/application/ask.ts';
import type { CommandRefusal } from '../../../shared/application/execute-command.ts';
import type { CodeRefusal } from '../../../shared/application/verify-code.ts';
import type { RequestStatus } from '../../../shared/domain/access-request/model.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { PolicyRefusal } from '../../../shared/domain/policy/refusal.ts';
import { COMMANDS } from '../commands.ts';
import { UNUSUAL_LIFE_WORDS } from './emergency-words.ts';
import { code } from './escape.ts';
import { dayAndTime, span } from './instants.ts';
import { LIFE_WORDS } from './life-words.ts';
import { actorName } from './parts.ts';
import { example, type TableOf, words } from './words.ts';

type RequestRefusal = Exclude<
  CommandRefusal | CodeRefusal | SubmitRefusal,
  { code: PolicyRefusal['code'] }
>;
const { access } = COMMANDS;

const STANDS: Readonly<Record<RequestStatus, string>> = {
  new: 'not made yet',
  pending: 'still waiting for approval',
  denied: 'already denied',
  withdrawn: 'already withdrawn',
  lapsed: 'already lapsed, unanswered',
  scheduled: 'already approved, and begins later',
  'not-started': 'over: it was never started',
  activating: 'already approved, the access is being set up',
  active: 'already approved and active',
  removing: 'already ending',
  ended: 'already ended',
  failed: 'already approved, but the provider did not take it',
};

export const REQUEST_WORDS: TableOf<RequestRefusal> = {
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
  ...UNUSUAL_LIFE_WORDS,
  'duration-not-shorter': ({ askedSeconds }) =>
    words(
      'You can approve for less, not for more.',
      `${formatDuration(askedSeconds)} were asked for.`,
      'Choose what was asked for, or less.',
    ),
  ...LIFE_WORDS,
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
  'authenticator-replaced': () =>
    words(
      'That code is from an authenticator that no longer counts.',
      'Your authenticator was replaced since the code was checked.',
      'Enter the code that the new one shows now. If you replaced nothing, tell your security team now.',
    ),
  'authenticator-being-reset': () =>
    words(
      'Your authenticator is out of use.',
      'Two people confirmed that you lost it, and it is being reset.',
      `If you still have it, call the reset off: ${code(`${access} authenticator cancel`)}. Otherwise set up a new one when the delay is over: ${code(`${access} enroll`)}.`,
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
  'justification-too-long': ({ max, have }) =>
    words(
      'The reason is too long.',
      `${max} characters fit, there are ${have}.`,
      'Shorten it, and put the rest into the ticket.',
    ),
};
