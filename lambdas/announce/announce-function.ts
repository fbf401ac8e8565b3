/** Announce queue -> Slack: each request is drawn from its state. Holds the Slack token and no provider credentials. */
import { type AnnounceDeps, announce, type Render } from '../../shared/application/announce.ts';
import { queueFunction, RequestMessage, type SqsFunction } from '../queue-batch.ts';
import { card } from '../slack/views/card.ts';
import { receipt } from '../slack/views/receipt.ts';
import { overdueMessage, threadMessage } from '../slack/views/thread.ts';
import { mendMessage } from '../slack/views/unreachable.ts';

export const render: Render = {
  card,
  receipt,
  thread: threadMessage,
  overdue: overdueMessage,
  mend: mendMessage,
};

export function announceFunction(parts: Omit<AnnounceDeps, 'render'>): SqsFunction {
  const deps = { ...parts, render };
  return queueFunction(RequestMessage, async ({ requestId }) => {
    try {
      await announce(requestId, deps);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      deps.telemetry.error('announce stopped; the message comes again', { requestId, why });
      throw error;
    }
  });
}
