/**
 * The golden corpus: of each builder a few pictures that differ in shape, always the same ones (fixed seed), as the argument of
 * Slack's `blocks.validate`. Slack judges no answer to a search: its choices are put into a menu of a form.
 */
import * as fc from 'fast-check';
import { CORPUS } from '../support/corpus/corpus.ts';
import type { Piece } from '../support/corpus/piece.ts';

export type Payload = {
  /** `card.card 3` */
  readonly name: string;
  /** Exactly one of the two, as JSON. */
  readonly argument: { readonly message: string } | { readonly view: string };
};

const SEED = 20_261_122;
const SAMPLES = 60;
const SHAPES = 8;

export function goldenCorpus({ samples = SAMPLES, shapes = SHAPES } = {}): Payload[] {
  return [...CORPUS].flatMap(([builder, pieces]) => {
    const made = fc.sample(pieces, { seed: SEED, numRuns: samples }).flat();
    const different = new Map(made.map((piece) => [shapeOf(piece), piece]));
    return [...different.values()]
      .slice(0, shapes)
      .map((piece, index) => ({ name: `${builder} ${index + 1}`, argument: argumentOf(piece) }));
  });
}

function argumentOf(piece: Piece): Payload['argument'] {
  if (piece.surface === 'message')
    return { message: JSON.stringify({ blocks: piece.message.blocks }) };
  return { view: JSON.stringify(piece.surface === 'options' ? menuOf(piece.groups) : piece.view) };
}

const plain = (text: string) => ({ type: 'plain_text', text });
const menuOf = (groups: readonly object[]) => ({
  ...{ type: 'modal', callback_id: 'menu', title: plain('Menu'), submit: plain('Ask') },
  blocks: [
    {
      ...{ type: 'input', block_id: 'target', label: plain('What do you need?') },
      element: { type: 'static_select', action_id: 'target', option_groups: groups },
    },
  ],
});

const STEP = 1000;
/** The same for two pictures that differ in their words only, and not much in how many. */
const shapeOf = (piece: Piece): string =>
  JSON.stringify(piece, (key, value: unknown) =>
    typeof value === 'string' && !['type', 'style', 'action_id', 'callback_id'].includes(key)
      ? Math.ceil(value.length / STEP)
      : value,
  );
