/** Every no on the way to an authenticator that the common table does not know, in words. Exhaustive by type. */
import type { OfferRefusal } from '../../../shared/application/enrol-parts.ts';
import type { WordRefusal } from '../../../shared/domain/authenticator/enrolment.ts';
import { COMMANDS } from '../commands.ts';
import { code } from './escape.ts';
import { context, type Message, mention, mentions, section } from './parts.ts';
import { RECOVERY_TABLE } from './recovery-refusals.ts';
import { refusalLine, refusalMessage } from './refusal-message.ts';
import { type RefusalCode, wordsFor } from './refusals.ts';
import { type ByCode, type TableOf, type Words, words } from './words.ts';

export type EnrolmentRefusal =
  | OfferRefusal
  | WordRefusal
  /** `typed` names nobody the policy lists, or nothing was; `after`: the words of the command that a name belongs to. */
  | { code: 'nobody-by-that-name'; typed: string; after: string };
/** Those that the common table does not know. */
export type OwnEnrolmentRefusal = Exclude<EnrolmentRefusal, { code: RefusalCode }>;
type Own = OwnEnrolmentRefusal;
type Table = TableOf<Own>;

const enroll = code(`${COMMANDS.access} enroll`);
const startAgain = `Start again: ${enroll}.`;
const MENTIONED = 5;
const oneOf = (people: readonly string[]): string =>
  people.length === 0 ? 'an operator of Hallpass' : mentions(people.slice(0, MENTIONED));

const TABLE: Table = {
  'vouching-needed': ({ vouchers }) =>
    words(
      'Somebody has to vouch for you first.',
      'The policy wants an approver or admin to answer for every new authenticator.',
      `Ask ${oneOf(vouchers)} to run ${code(`${COMMANDS.access} enroll @you`)}.`,
    ),
  'sign-in-not-available': () =>
    words(
      'You cannot enrol by yourself here.',
      'The policy wants a sign-in on the page, which this version does not offer yet.',
      'Ask an operator of Hallpass for a link.',
    ),
  'current-code-needed': () =>
    words(
      'You have an authenticator already.',
      'Replacing it takes the code it shows now.',
      `Run ${enroll} and enter that code.`,
    ),
  'already-enrolled': ({ person }) =>
    words(
      'There is nothing to vouch for.',
      `${mention(person)} has an authenticator already.`,
      `They can replace it themself with its current code: ${enroll}.`,
    ),
  'proof-needed': () =>
    words(
      'Your authenticator is locked.',
      'There were too many wrong codes in a row, so no code helps any more.',
      `Use a recovery code (${code(`${COMMANDS.access} authenticator recover`)}), or ask an admin to reset it. If the codes were not yours, tell your security team now.`,
    ),
  'self-vouch': () =>
    words(
      'You cannot vouch for yourself.',
      'Somebody else has to answer for you.',
      `Ask another approver or an admin to run ${code(`${COMMANDS.access} enroll @you`)}.`,
    ),
  'same-human': () =>
    words(
      'You cannot vouch for yourself.',
      'Both Slack accounts belong to the same person.',
      'Another human has to answer for this account.',
    ),
  'not-a-voucher': ({ vouchers }) =>
    words(
      'You cannot vouch for anybody.',
      'Only approvers and admins of the policy can.',
      `Ask ${oneOf(vouchers)}.`,
    ),
  'nobody-by-that-name': ({ typed, after }) =>
    words(
      typed === '' ? 'Say for whom.' : 'There is nobody by that name.',
      typed === '' ? 'A name is missing.' : `The policy does not list ${code(typed)}.`,
      `Write ${code(`${COMMANDS.access} ${after} @name`)}${after === 'enroll' ? ', or alone for yourself' : ''}.`,
    ),
  'no-enrolment': () =>
    words('No enrolment is under way.', 'There is nothing to type a word for.', startAgain),
  'link-expired': () => words('That took too long.', 'A link works for ten minutes.', startAgain),
  'word-too-early': () =>
    words(
      'The page comes first.',
      'It shows the word once it has seen the first code of your app.',
      'Open the page, scan the key, enter the code. Then type the word here.',
    ),
  'word-wrong': () =>
    words('That is not the word.', 'It is the one on your page.', 'Type it as the page shows it.'),
  'too-many-tries': () =>
    words('That was wrong too often.', 'This link takes no more words.', startAgain),
  ...RECOVERY_TABLE,
  'authenticator-changed': () =>
    words(
      'Your authenticator was replaced meanwhile.',
      'This link was made for the one before.',
      'If that was not you, tell your security team now.',
    ),
};

const isOwn = (refusal: EnrolmentRefusal): refusal is Own => Object.hasOwn(TABLE, refusal.code);
function say<C extends Own['code']>(refusalCode: C, refusal: ByCode<Own>[C], now: Date): Words {
  const sentence: Table[C] = TABLE[refusalCode];
  return sentence(refusal, now);
}

export const enrolmentWordsFor = (refusal: EnrolmentRefusal, now: Date): Words =>
  isOwn(refusal) ? say(refusal.code, refusal, now) : wordsFor(refusal, now);

/** As a message only its reader sees. */
export function enrolmentRefusalMessage(refusal: EnrolmentRefusal, now: Date): Message {
  if (!isOwn(refusal)) return refusalMessage(refusal, now);
  const { happened, why, next } = enrolmentWordsFor(refusal, now);
  return {
    text: `${happened} (${refusal.code})`,
    blocks: [section(`*${happened}*\n${why}\n${next}`), context(refusal.code)],
  };
}

/** As one line under a field. */
export function enrolmentRefusalLine(refusal: EnrolmentRefusal, now: Date): string {
  if (!isOwn(refusal)) return refusalLine(refusal, now);
  const { happened, next } = enrolmentWordsFor(refusal, now);
  return `${happened} ${next} (${refusal.code})`.replaceAll('`', '');
}
