/** The small pieces every message is made of. Plain objects; ids of actions and blocks are the stable ones of the contract. */

import type { Actor, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { code, typedText } from './escape.ts';
import { LIMITS } from './limits.ts';

export type Message = { text: string; blocks: KnownBlock[] };

/** Never in the middle of a mention, a date or an entity: half of one would be read as something else. */
const cut = (text: string, longest: number): string =>
  text.length <= longest
    ? text
    : `${text
        .slice(0, longest - 1)
        .replace(/\p{Cs}$/u, '')
        .replace(/(?:<[^<>]*|&[a-z]{0,3})$/, '')}…`;

export const mrkdwnSection = (text: string) =>
  ({
    type: 'section',
    text: { type: 'mrkdwn', text: cut(text, LIMITS.section.text), verbatim: true },
  }) as const;
export const section = (text: string): KnownBlock => mrkdwnSection(text);

export const context = (text: string): KnownBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: cut(text, LIMITS.context.text), verbatim: true }],
});

/** Somebody's own words: quoted, labelled, in an element that knows no markup. */
export const quoted = (label: string, text: string): KnownBlock => ({
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [{ type: 'text', text: label, style: { bold: true } }],
    },
    { type: 'rich_text_quote', elements: [{ type: 'text', text: typedText(text) }] },
  ],
});

export const actions = (buttons: Button[]): KnownBlock[] =>
  buttons.length === 0 ? [] : [{ type: 'actions', block_id: 'decide', elements: buttons }];

export type Pressed = { id: string; v: number };
type Look = Pick<Button, 'style' | 'confirm'>;

export const button = (
  actionId: string,
  label: string,
  of: { pressed: Pressed } & Look,
): Button => ({
  type: 'button',
  action_id: actionId,
  text: { type: 'plain_text', text: cut(label, LIMITS.button.text) },
  value: JSON.stringify({ id: of.pressed.id, v: of.pressed.v }),
  ...(of.style === undefined ? {} : { style: of.style }),
  ...(of.confirm === undefined ? {} : { confirm: of.confirm }),
});

export const endButton = (pressed: Pressed): Button =>
  button('end', 'End now', {
    pressed,
    style: 'danger',
    confirm: {
      title: { type: 'plain_text', text: 'End access' },
      text: { type: 'plain_text', text: 'The access is taken away now, before its time.' },
      confirm: { type: 'plain_text', text: 'End access' },
      deny: { type: 'plain_text', text: 'Keep it' },
      style: 'danger',
    },
  });

export const mention = (slackUserId: string): string => `<@${slackUserId}>`;
export const mentions = (ids: readonly string[]): string => ids.map(mention).join(' ');

export const actorName = (actor: Actor): string => {
  if (actor.kind === 'person') return mention(actor.id);
  if (actor.kind === 'operator') return 'an operator';
  if (actor.kind === 'policy') return 'a policy change';
  return 'Hallpass';
};

export const what = (request: Pick<KnownRequest, 'entitlement'>): string =>
  `${code(request.entitlement.role)} on ${code(request.entitlement.id)}`;

/** Who holds it, where that is not who asked. */
export const forWhom = (request: Pick<KnownRequest, 'requester' | 'subject'>): string =>
  request.requester === request.subject ? '' : ` for ${mention(request.subject)}`;

export const pressedOf = (state: KnownRequest): Pressed => ({
  id: state.requestId,
  v: state.version,
});

export const forHowLong = (seconds: number): string => formatDuration(seconds);

/** ` for 30m of the 2h asked` */
export const forLess = (seconds: number, askedSeconds: number): string =>
  ` for ${formatDuration(seconds)} of the ${formatDuration(askedSeconds)} asked`;
