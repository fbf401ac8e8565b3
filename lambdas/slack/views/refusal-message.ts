/** A refusal as a message only its reader sees, and as one line under a form's field. */
import type { KnownBlock } from './block-kit.ts';
import { actions, context, type Message, section } from './parts.ts';
import { type AnyRefusal, wordsFor } from './refusals.ts';

function refusalBlocks(refusal: AnyRefusal, now: Date): KnownBlock[] {
  const { happened, why, next } = wordsFor(refusal, now);
  return [section(`*${happened}*\n${why}\n${next}`), ...button(refusal), context(refusal.code)];
}

export const refusalMessage = (refusal: AnyRefusal, now: Date): Message => ({
  text: `${wordsFor(refusal, now).happened} (${refusal.code})`,
  blocks: refusalBlocks(refusal, now),
});

/** Plain, for Slack shows no markup there. */
export function refusalLine(refusal: AnyRefusal, now: Date): string {
  const { happened, next } = wordsFor(refusal, now);
  return `${happened} ${next} (${refusal.code})`.replaceAll('`', '').replace(INSTANT, '$1');
}
/** Where no markup is read an instant is its UTC. */
const INSTANT = /<!date\^[^|>]*\|([^>]*)>/g;

/** A button where one helps. */
const button = (refusal: AnyRefusal): KnownBlock[] =>
  refusal.code === 'not-enrolled'
    ? actions([
        {
          type: 'button',
          action_id: 'enroll',
          text: { type: 'plain_text', text: 'Set up my authenticator' },
          style: 'primary',
        },
      ])
    : [];
