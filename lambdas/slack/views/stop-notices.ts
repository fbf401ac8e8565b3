/**
 * The red button in words, to the security channel and to each admin. An admin who may still confirm a proposal has the button
 * at hand: it opens the form that says what will happen and asks for a code; everything is judged anew there. Pure.
 */
import type { StopEvent } from '../../../shared/application/announce-stop.ts';
import type { StopWhat } from '../../../shared/domain/stop/model.ts';
import { COMMANDS } from '../commands.ts';
import type { Button } from './block-kit.ts';
import { code } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { actions, actorName, context, type Message, mention, section } from './parts.ts';

export const STOP_ACTIONS = { confirm: 'red-button-open' } as const;

const LIFT = code(`${COMMANDS.access} red-button lift`);
const NAMES = { stop: 'stop everything', lift: 'lift the stop' } as const;

/** Names a direction and nothing else: what it would do is judged when it is pressed, and once more with the code. */
export const confirmButton = (what: StopWhat): Button => ({
  type: 'button',
  action_id: STOP_ACTIONS.confirm,
  text: {
    type: 'plain_text',
    text: what === 'stop' ? 'Confirm: stop everything' : 'Confirm: lift',
  },
  style: 'danger',
  value: JSON.stringify({ what }),
});

export function stopNotices(
  event: StopEvent,
  { admin, now }: { admin: string | null; now: Date },
): { owner: Message | null; security: Message | null } {
  if (event.type !== 'StopProposed') {
    const message = done(event);
    return { owner: message, security: message };
  }
  const { what, until } = event;
  const text = `An admin wants to ${NAMES[what]}`;
  const words = section(
    `:rotating_light: *${actorName(event.actor)} wants to ${NAMES[what]}.* It happens when another admin confirms it until ${dayAndTime(until)}.`,
  );
  const proposer = event.actor.kind === 'person' ? event.actor.id : null;
  const isOpen = now.toISOString() < until;
  const asked: Message = { text, blocks: [words, ...actions([confirmButton(what)])] };
  return {
    owner: isOpen && admin !== proposer ? asked : null,
    security: { text, blocks: [words, context('Admins were asked by direct message.')] },
  };
}

function done({ type, actor, proposedBy }: Exclude<StopEvent, { type: 'StopProposed' }>): Message {
  const by = `${mention(proposedBy)} and ${actorName(actor)}`;
  if (type === 'StopLifted')
    return {
      text: 'The stop is lifted',
      blocks: [
        section(
          `:white_check_mark: *The stop is lifted*, by ${by}. Access can be asked for again.`,
        ),
        context('What was ended or withdrawn stays so.'),
      ],
    };
  return {
    text: 'Everything is stopped',
    blocks: [
      section(
        `:rotating_light: *Everything is stopped*, by ${by}. Nothing new is given from this moment; what waits is withdrawn, and all live access is being ended.`,
      ),
      context(`Each card says when its access was verified gone. Two admins lift it: ${LIFT}.`),
    ],
  };
}
