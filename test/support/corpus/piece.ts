/** What the product shows, as it leaves a builder: a message, a view, or the choices of a menu. */
import * as fc from 'fast-check';
import type { KnownBlock, Modal } from '../../../lambdas/slack/views/block-kit.ts';
import type { Message } from '../../../lambdas/slack/views/parts.ts';

export type Piece =
  | { readonly surface: 'message'; readonly message: Message }
  | { readonly surface: 'modal'; readonly view: Modal }
  | {
      readonly surface: 'home';
      readonly view: { readonly type: 'home'; readonly blocks: readonly KnownBlock[] };
    }
  | { readonly surface: 'options'; readonly groups: readonly object[] };
/** Every piece that one builder makes of one arbitrary state. */
export type Pieces = fc.Arbitrary<readonly Piece[]>;

export const message = (shown: Message): Piece => ({ surface: 'message', message: shown });
export const modal = (view: Modal): Piece => ({ surface: 'modal', view });
export const blocks = (shown: readonly KnownBlock[]): Piece =>
  message({ text: 'a part of a message', blocks: [...shown] });

export const messages = (shown: fc.Arbitrary<Message>): Pieces =>
  shown.map((one) => [message(one)]);
export const modals = (shown: fc.Arbitrary<Modal>): Pieces => shown.map((one) => [modal(one)]);
export const fixed = (...pieces: readonly Piece[]): Pieces => fc.constant(pieces);
