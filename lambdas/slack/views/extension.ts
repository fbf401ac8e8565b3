/** More time for access that is live, as the card, the receipt and the thread show it. */
import type { InStatus, KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import type { CardFacts } from './facts.ts';
import { dayAndTime } from './instants.ts';
import {
  button,
  context,
  forHowLong,
  mention,
  mentions,
  type Pressed,
  pressedOf,
  quoted,
  section,
} from './parts.ts';

export const EXTENSION_ACTIONS = {
  ask: 'extend',
  approve: 'approve-extension',
  deny: 'deny-extension',
} as const;

type Active = InStatus<'active'>;
export type Extension = NonNullable<Active['extension']>;
const MOST_NAMED = 20;

/** What the requester may do about more time: ask for it, or take that ask back. */
export const extendButton = (state: Active, pressed: Pressed = pressedOf(state)): Button =>
  state.extension
    ? button('withdraw', 'Take back the extension', { pressed })
    : button(EXTENSION_ACTIONS.ask, 'Extend', { pressed });

const newEnd = ({ expiresAt }: Active, { bySeconds }: Pick<Extension, 'bySeconds'>): string =>
  new Date(Date.parse(expiresAt) + bySeconds * 1000).toISOString();

export const asksFor = (state: Active, extension: Extension): string =>
  `${mention(extension.askedBy)} asks for *${forHowLong(extension.bySeconds)} more*: until ${dayAndTime(newEnd(state, extension))} instead of ${dayAndTime(state.expiresAt)}`;

function soFar({ approvals, approvalsNeeded }: Extension, voided: readonly string[] = []): string {
  const standing = approvals.filter(({ approver }) => !voided.includes(approver));
  return standing.length > 0 ? ` · ${standing.length} of ${approvalsNeeded}` : '';
}

/** On the card, while it waits. */
export function extensionBlocks(state: KnownRequest, facts: CardFacts): KnownBlock[] {
  if (state.status !== 'active') return [];
  if (!state.extension) return deniedBlocks(state, facts);
  const { approvers } = facts;
  const { extension } = state;
  const who = approvers.slice(0, MOST_NAMED);
  const call = who.length > 0 ? `${mentions(who)}: please decide.` : 'No approver is left to ask.';
  return [
    section(`*More time*${soFar(extension, facts.voided)}: ${asksFor(state, extension)}\n${call}`),
    context('Unanswered, the access ends as it would have.'),
  ];
}

/** Until more is asked for, or the access is over: that the last ask was denied, and why. */
export function deniedBlocks(state: KnownRequest, { extensionReason }: CardFacts): KnownBlock[] {
  const denied = state.status === 'active' ? state.deniedExtension : null;
  if (!denied) return [];
  const { by, at, bySeconds, reason } = denied;
  return [
    section(
      `*More time was denied* by ${mention(by)}, ${dayAndTime(at)}: ${forHowLong(bySeconds)} more. It ends as it would have.`,
    ),
    ...(extensionReason === null
      ? reason === null
        ? []
        : [context('Why not: the words were erased')]
      : [quoted('Why not (typed by who denied it)', extensionReason)]),
  ];
}

export function extensionButtons(state: KnownRequest): Button[] {
  if (state.status !== 'active' || !state.extension) return [];
  const pressed = pressedOf(state);
  return [
    button(EXTENSION_ACTIONS.approve, 'Approve extension', { pressed, style: 'primary' }),
    button(EXTENSION_ACTIONS.deny, 'Deny extension', { pressed, style: 'danger' }),
  ];
}

/** One line of the receipt while an extension waits. */
export function extensionLine(state: KnownRequest): string {
  if (state.status !== 'active' || !state.extension) return '';
  return `\nMore time is asked for: ${forHowLong(state.extension.bySeconds)}${soFar(state.extension)}, not decided yet`;
}
