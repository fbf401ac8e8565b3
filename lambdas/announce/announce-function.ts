/**
 * The announce queue's consumer: one request per record, drawn from its state. A record that fails comes back alone; one
 * that cannot be read is a defect of ours and goes the way of the dead letters.
 */
import * as z from 'zod';
import { type AnnounceDeps, announce, type Render } from '../../shared/application/announce.ts';
import { RequestId } from '../../shared/domain/access-request/model.ts';
import { card } from '../slack/views/card.ts';
import { receipt } from '../slack/views/receipt.ts';
import { overdueMessage, threadMessage } from '../slack/views/thread.ts';
import { mendMessage } from '../slack/views/unreachable.ts';

const SqsEvent = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});
const Body = z.object({ requestId: RequestId });
type Batch = { batchItemFailures: { itemIdentifier: string }[] };

export const render: Render = {
  card,
  receipt,
  thread: threadMessage,
  overdue: overdueMessage,
  mend: mendMessage,
};

/** Records are drawn one after another: Slack counts calls per channel. */
export function announceFunction(
  parts: Omit<AnnounceDeps, 'render'>,
): (event: unknown) => Promise<Batch> {
  const deps = { ...parts, render };
  return async (event) => {
    const batchItemFailures: Batch['batchItemFailures'] = [];
    for (const { messageId, body } of SqsEvent.parse(event).Records) {
      try {
        await announce(Body.parse(JSON.parse(body)).requestId, deps);
      } catch (error) {
        const why = error instanceof Error ? error.name : 'unknown';
        deps.telemetry.error('A request could not be announced', { messageId, why });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}
