/** Requests as a list with what the reader may do about each. */
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { extensionButtons } from './extension.ts';
import { STATUS_WORDS } from './facts.ts';
import { dayAndTime } from './instants.ts';
import {
  button,
  context,
  endButton,
  forHowLong,
  type Message,
  mention,
  pressedOf,
  section,
  what,
} from './parts.ts';

type Doable = 'approve' | 'deny' | 'withdraw' | 'end' | 'review' | 'start' | 'extend';
export type Listed = { state: KnownRequest; may: readonly Doable[] };
const SHOWN = 10;

const TITLES = {
  mine: { some: 'Your requests', none: 'You have not asked for anything yet.' },
  pending: { some: 'Waiting for you', none: 'Nothing waits for your decision.' },
} as const;

export function listMessage(list: keyof typeof TITLES, all: readonly Listed[]): Message {
  const { some, none } = TITLES[list];
  if (all.length === 0) return { text: none, blocks: [section(none)] };
  const rest = all.length - SHOWN;
  return {
    text: `${some}: ${all.length}`,
    blocks: [
      section(`*${some}*`),
      ...all.slice(0, SHOWN).flatMap(row),
      ...(rest > 0 ? [context(`… and ${rest} more, later ones`)] : []),
    ],
  };
}

function row({ state, may }: Listed): KnownBlock[] {
  const until =
    state.status === 'active' ? ` until ${dayAndTime(state.expiresAt)}${moreTime(state)}` : '';
  const line = section(
    `*${state.requestId}* · ${STATUS_WORDS[state.status]}${until}\n${mention(state.requester)}: ${what(state)} for ${forHowLong(state.durationSeconds)}, asked ${dayAndTime(state.requestedAt)}`,
  );
  const elements = may.flatMap((each) =>
    each === 'extend' ? extensionButtons(state) : [buttonFor(each, state)],
  );
  const block_id = `decide-${state.requestId}`;
  return elements.length === 0 ? [line] : [line, { type: 'actions', block_id, elements }];
}

const moreTime = ({ extension }: InStatus<'active'>): string =>
  extension ? ` · wants ${forHowLong(extension.bySeconds)} more` : '';

function buttonFor(what: Exclude<Doable, 'extend'>, state: KnownRequest): Button {
  const pressed = pressedOf(state);
  if (what === 'end') return endButton(pressed);
  if (what === 'approve') return button('approve', 'Approve', { pressed, style: 'primary' });
  if (what === 'review') return button('review', 'Review', { pressed });
  if (what === 'start') return button('start', 'Start now', { pressed, style: 'primary' });
  if (what === 'deny') return button('deny', 'Deny', { pressed, style: 'danger' });
  return button('withdraw', 'Withdraw', { pressed });
}
