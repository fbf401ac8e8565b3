/** The least that every kind of payload has: what is signed but lacks it is malformed, and Bolt would stumble over it. */
import * as z from 'zod';
import type { Payload } from './parse-body.ts';

const Id = z.string().min(1).max(255);
const Who = z.looseObject({ id: Id });
const View = z.looseObject({ id: Id, type: z.string() });
const Text = z.string().max(40_000);

const Command = z.looseObject({
  command: Id,
  text: Text.default(''),
  user_id: Id,
  channel_id: Id,
});
const Interaction = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('block_actions'),
    user: Who,
    actions: z
      .array(z.looseObject({ type: z.string(), action_id: Id, block_id: z.string().max(255) }))
      .min(1),
  }),
  z.looseObject({ type: z.enum(['view_submission', 'view_closed']), user: Who, view: View }),
  z.looseObject({ type: z.literal('block_suggestion'), user: Who, action_id: Id, value: Text }),
  z.looseObject({ type: z.enum(['shortcut', 'message_action']), user: Who, callback_id: Id }),
  z.looseObject({
    type: z.literal('event_callback'),
    event_id: Id,
    event: z.looseObject({ type: Id }),
  }),
]);

export const isWellFormed = (payload: Payload): boolean =>
  ('command' in payload ? Command : Interaction).safeParse(payload).success;
