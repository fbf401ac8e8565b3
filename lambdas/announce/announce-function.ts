/** Announce queue -> Slack: each request is drawn from its state. Holds the Slack token and no provider credentials. */
import * as z from 'zod';
import { type AnnounceDeps, announce, type Render } from '../../shared/application/announce.ts';
import { RequestId } from '../../shared/domain/access-request/model.ts';
import { card } from '../slack/views/card.ts';
import { receipt } from '../slack/views/receipt.ts';
import { reminder } from '../slack/views/reminder.ts';
import { overdueMessage, threadMessage } from '../slack/views/thread.ts';
import { mendMessage } from '../slack/views/unreachable.ts';

const Message = z.strictObject({ requestId: RequestId });

const render: Render = {
  card,
  receipt,
  thread: threadMessage,
  overdue: overdueMessage,
  mend: mendMessage,
  reminder,
};

/** @throws whatever stopped it, after telling the operators: the message comes again */
export function announceMessage(
  parts: Omit<AnnounceDeps, 'render'>,
): (body: unknown) => Promise<void> {
  const deps = { ...parts, render };
  return async (body) => {
    const { requestId } = Message.parse(body);
    try {
      await announce(requestId, deps);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.telemetry.error('announce stopped; the message comes again', { requestId, why });
      throw error;
    }
  };
}
