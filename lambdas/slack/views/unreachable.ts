/** When a card cannot stand in the rule's channel: requester and admins learn why and how to mend it, and later that it is mended. */
import type { KnownRequest } from '../../../shared/domain/access-request/model.ts';
import type { ChannelTrouble } from '../../../shared/domain/records.ts';
import { code } from './escape.ts';
import { context, type Message, section } from './parts.ts';

type Words = { readonly why: string; readonly next: string };

const INVITE = 'write `/invite @Hallpass` in it';
const TROUBLES: Readonly<Record<ChannelTrouble, Words>> = {
  'bot-not-in-channel': {
    why: 'Hallpass is not a member of that channel.',
    next: `Somebody in the channel: ${INVITE}.`,
  },
  'channel-not-found': {
    why: 'Slack does not show Hallpass such a channel: it is private and Hallpass is not in it, or the id in the policy is wrong.',
    next: `Somebody in the channel: ${INVITE}. If there is none with this id, have the policy name the right one.`,
  },
  'channel-archived': {
    why: 'That channel is archived.',
    next: 'Unarchive it and invite Hallpass (`/invite @Hallpass`), or have the policy name another channel.',
  },
  'channel-shared': {
    why: 'That channel is shared with another company, so who asks for what would be read there.',
    next: 'Have the policy name a channel of your own company.',
  },
  'channel-refused': {
    why: 'Slack does not let Hallpass post there.',
    next: 'Check who may post in that channel, or have the policy name another one.',
  },
};

export const troubleWords = (trouble: ChannelTrouble): Words => TROUBLES[trouble];

export function mendMessage(state: KnownRequest, trouble: ChannelTrouble | null): Message {
  const { requestId } = state;
  const channel = state.channel === null ? 'the channel' : `<#${state.channel}>`;
  if (trouble === null)
    return {
      text: `${requestId}: its card stands in the channel now`,
      blocks: [section(`Mended: the card of ${requestId} stands in ${channel} now.`)],
    };
  const { why, next } = troubleWords(trouble);
  return {
    text: `${requestId}: its card could not be posted (${trouble})`,
    blocks: [
      section(
        `*${requestId} has no card in ${channel}.*\n${why} Its approvers are asked by direct message.\n${next}`,
      ),
      context(`${code(trouble)} · the next change of the request tries the channel again`),
    ],
  };
}
