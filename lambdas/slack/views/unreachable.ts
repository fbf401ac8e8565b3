/** When a card cannot stand in the rule's channel: the requester learns how to mend it, the approvers get the card themselves. */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import { context, type Message, section } from './parts.ts';

export const mendMessage = (state: KnownRequest): Message => ({
  text: `${state.requestId}: its card could not be posted`,
  blocks: [
    section(
      state.channel === null
        ? `The rule of ${state.requestId} names no channel. Its approvers were asked by direct message.`
        : `Hallpass cannot write to <#${state.channel}>, so ${state.requestId} has no card there. Its approvers were asked by direct message.`,
    ),
    context(
      'To mend it: invite Hallpass to the channel (/invite @hallpass), or have the policy name another one.',
    ),
  ],
});
