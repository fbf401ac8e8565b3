/** The forms of the switches that stop new access, and what is said once one was pressed. */
import type { EndedAll } from '../../../shared/application/end-all.ts';
import type { Press } from '../../../shared/domain/stop/decide.ts';
import { COMMANDS } from '../commands.ts';
import type { KnownBlock, Modal } from './block-kit.ts';
import { code } from './escape.ts';
import { codeInput } from './modals.ts';
import { context, type Message, mention, section } from './parts.ts';

export const SWITCH_FORMS = { pause: 'pause-switch', redButton: 'red-button' } as const;

const plain = (text: string) => ({ type: 'plain_text' as const, text });
type Form = { callbackId: string; title: string; submit: string; metadata: object };
const form = ({ callbackId, title, submit, metadata }: Form, blocks: KnownBlock[]): Modal => ({
  type: 'modal',
  callback_id: callbackId,
  title: plain(title),
  submit: plain(submit),
  close: plain('Cancel'),
  private_metadata: JSON.stringify(metadata),
  blocks: [...blocks, codeInput],
});

type Pause = { readonly scope: string; readonly paused: boolean };
const whatOf = (scope: string): string => (scope === 'all' ? 'every provider' : code(scope));

export const pauseModal = ({ scope, paused }: Pause): Modal =>
  form(
    {
      callbackId: SWITCH_FORMS.pause,
      title: paused ? 'Pause new access' : 'Resume new access',
      submit: paused ? 'Pause' : 'Resume',
      metadata: { scope, paused },
    },
    [
      section(
        paused
          ? `*This pauses new access for ${whatOf(scope)}.* Nobody can ask, approve or get anything there until it is resumed. Access that is live stays; ends go on.`
          : `*This makes new access possible again for ${whatOf(scope)}.* What was approved before the pause and has not ended is set up then.`,
      ),
    ],
  );

export const switchedAnswer = ({ scope, paused }: Pause): Message => ({
  text: paused ? 'New access is paused' : 'New access is possible again',
  blocks: [
    section(
      paused
        ? `*Paused*: no new access for ${whatOf(scope)}. ${code(`${COMMANDS.access} resume ${scope}`)} lifts it.`
        : `*Resumed*: new access for ${whatOf(scope)}.`,
    ),
  ],
});

const DOES = {
  stop: 'Nobody can ask for, approve or get anything. What waits is withdrawn, and *all live access ends*. It stays so until two admins lift it.',
  lift: 'Access can be asked for again. What was ended or withdrawn stays so.',
} as const;

const MENTIONED = 5;

/** `others`: who could confirm it. Without any it is said before a code is given for nothing. */
function secondOf({ what, proposedBy }: Press, others: readonly string[]): string {
  if (proposedBy !== null)
    return `${mention(proposedBy)} proposed it. With your code it happens now.`;
  const named = others.slice(0, MENTIONED).map(mention).join(', ');
  const more = others.length > MENTIONED ? ', …' : '';
  if (others.length > 0)
    return `You propose it. Another admin (${named}${more}) has ten minutes to confirm it, with a code of their own.`;
  const instead =
    what === 'stop'
      ? `${code(`${COMMANDS.access} pause all`)} takes one: nothing new is given, and what is live goes on to its time.`
      : 'Have another one added to the policy file.';
  return `You propose it, but *nobody could confirm it*: it takes a second admin, and the policy has no other. ${instead}`;
}

export function redButtonModal(press: Press, others: readonly string[]): Modal {
  const { step, what, contentHash } = press;
  const title = what === 'stop' ? 'Stop everything' : 'Lift the stop';
  return form(
    {
      callbackId: SWITCH_FORMS.redButton,
      title,
      submit: step === 'propose' ? 'Propose' : title,
      metadata: { what, step, contentHash },
    },
    [section(`:rotating_light: *${title}*\n${DOES[what]}`), section(secondOf(press, others))],
  );
}

export function pressedAnswer({ step, what }: Pick<Press, 'step' | 'what'>): Message {
  const again = code(`${COMMANDS.access} red-button${what === 'lift' ? ' lift' : ''}`);
  if (step === 'propose')
    return {
      text: 'Proposed: another admin has to confirm it',
      blocks: [section(`*Proposed.* Another admin confirms it within ten minutes: ${again}.`)],
    };
  return what === 'stop'
    ? {
        text: 'Everything is stopped',
        blocks: [
          section(
            '*Everything is stopped.* Nothing new is given from this moment; what is live is being ended, within minutes.',
          ),
        ],
      }
    : { text: 'The stop is lifted', blocks: [section('*Lifted.* Access can be asked for again.')] };
}

const MOST_NAMED = 20;
const listed = (ids: readonly string[]): string =>
  `${ids.slice(0, MOST_NAMED).join(', ')}${ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ''}`;

/** "Ends", not "ended": each is called gone once its provider was read. */
export function endedAll(whose: string, { ended, withdrawn, left, more }: EndedAll): Message {
  const nothing = ended.length + withdrawn.length + left.length === 0;
  const lines = [
    ...(ended.length > 0 ? [`Ends now: ${listed(ended)}`] : []),
    ...(withdrawn.length > 0 ? [`Withdrawn: ${listed(withdrawn)}`] : []),
    ...left
      .slice(0, MOST_NAMED)
      .map(({ requestId, code: why }) => `*Not ended*: ${requestId} (${code(why)})`),
    ...(nothing ? ['Nothing is live, and nothing waits.'] : []),
  ];
  return {
    text: 'Everything of one person',
    blocks: [
      section(`*${mention(whose)}*\n${lines.join('\n')}`),
      ...(more ? [section('*There is more.* Do it once more.')] : []),
      context('Each card says when its access was verified gone.'),
    ],
  };
}
