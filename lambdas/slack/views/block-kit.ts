/** Slack's own block types, by the names we use; a type only, nothing of Bolt reaches the views. */
import type { types } from '@slack/bolt';

export type KnownBlock = types.KnownBlock;
export type Button = types.Button;
export type Modal = types.ModalView;
