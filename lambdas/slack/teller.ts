/** A direct message beside the answer, for somebody who is not the one waiting. That it did not arrive changes nothing that was decided. */
import type { SlackDeps } from './deps.ts';
import { slackErrorOf } from './slack-error.ts';
import type { Message } from './views/parts.ts';

/** False when Slack did not take it. */
export type Teller = (slackUserId: string, message: Message) => Promise<boolean>;

type ChatClient = {
  chat: {
    postMessage(message: {
      channel: string;
      text: string;
      blocks: object[];
      unfurl_links: false;
      unfurl_media: false;
    }): Promise<unknown>;
  };
};

export function teller(client: ChatClient, deps: SlackDeps): Teller {
  return async (channel, { text, blocks }) => {
    const quiet = { unfurl_links: false, unfurl_media: false } as const;
    try {
      await client.chat.postMessage({ channel, text, blocks, ...quiet });
      return true;
    } catch (error) {
      const why = slackErrorOf(error) ?? 'no answer';
      deps.telemetry.error('A direct message did not reach Slack', { why });
      return false;
    }
  };
}
