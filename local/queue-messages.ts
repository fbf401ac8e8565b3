/**
 * The messages of all local queues on disk, and which of them may be received now. A message that was in flight when the
 * process died is visible at once after the restart: whoever had received it is known to be gone.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { openDurableMap } from './durable-map.ts';
import { openVisibility } from './visibility.ts';

export const QueueName = z.enum(['grants', 'removals', 'announce', 'export']);
export type QueueName = z.infer<typeof QueueName>;

const Message = z.object({
  queue: QueueName,
  body: z.string(),
  receiveCount: z.int(),
  /** Local time in milliseconds from which on it may be received. */
  visibleAt: z.number(),
  state: z.enum(['waiting', 'in-flight', 'dead']),
});
type Message = z.infer<typeof Message>;
export type QueueRecord = {
  readonly messageId: string;
  readonly body: string;
  /** Deliveries so far, this one included. */
  readonly receiveCount: number;
};

export type QueueMessages = {
  add(queue: QueueName, body: string, delaySeconds: number): void;
  /** Receives up to `most` visible messages and hides them; those received too often become dead letters instead. */
  receive(queue: QueueName, options: ReceiveOptions): QueueRecord[];
  anyVisible(queue: QueueName): boolean;
  /** It was dealt with; it never comes again. */
  remove(messageId: string): void;
  deadLetters(queue: QueueName): QueueRecord[];
  depth(queue: QueueName): QueueDepth;
  close(): void;
};

export type ReceiveOptions = { most: number; visibilitySeconds: number; maxReceives: number };
/** As SQS counts: `visible` may be received now, `delayed` waits for its time, `inFlight` was received or failed and is hidden. */
export type QueueDepth = { visible: number; delayed: number; inFlight: number; dead: number };

/** @param onVisible told whenever a message of a queue has become visible. */
export function openQueueMessages(parts: {
  file: string | null;
  clock: LocalClock;
  onVisible: (queue: QueueName) => void;
}): QueueMessages {
  const messages = openDurableMap(parts.file, (value) => Message.parse(value));
  const visibility = openVisibility(parts.clock, parts.onVisible);
  const now = (): number => parts.clock.now().getTime();
  const ofQueue = (queue: QueueName): [string, Message][] =>
    messages.entries().filter(([, message]) => message.queue === queue);

  function keep(id: string, message: Message): void {
    messages.set(id, message);
    if (message.state === 'dead') visibility.hide(message.queue, id);
    else visibility.show(message.queue, id, message.visibleAt);
  }

  for (const [id, message] of messages.entries())
    if (message.state === 'in-flight') keep(id, { ...message, state: 'waiting', visibleAt: now() });
    else if (message.state === 'waiting') visibility.show(message.queue, id, message.visibleAt);

  return {
    add(queue, body, delaySeconds) {
      const visibleAt = now() + delaySeconds * 1000;
      keep(randomUUID(), { queue, body, receiveCount: 0, visibleAt, state: 'waiting' });
    },
    receive(queue, { most, visibilitySeconds, maxReceives }) {
      const received: QueueRecord[] = [];
      const visibleAt = now() + visibilitySeconds * 1000;
      for (const id of [...visibility.visible(queue)]) {
        const message = messages.get(id);
        if (message === undefined || received.length === most) break;
        const receiveCount = message.receiveCount + 1;
        if (receiveCount > maxReceives) keep(id, { ...message, state: 'dead' });
        else {
          keep(id, { ...message, receiveCount, visibleAt, state: 'in-flight' });
          received.push({ messageId: id, body: message.body, receiveCount });
        }
      }
      return received;
    },
    anyVisible: (queue) => visibility.visible(queue).size > 0,
    remove(id) {
      const message = messages.get(id);
      if (message === undefined || message.state === 'dead') return;
      visibility.hide(message.queue, id);
      messages.delete(id);
    },
    deadLetters: (queue) =>
      ofQueue(queue)
        .filter(([, { state }]) => state === 'dead')
        .map(([messageId, { body, receiveCount }]) => ({ messageId, body, receiveCount })),
    depth: (queue) => depthOf(ofQueue(queue), visibility.visible(queue)),
    close() {
      visibility.close();
      messages.close();
    },
  };
}

function depthOf(messages: readonly [string, Message][], visible: ReadonlySet<string>): QueueDepth {
  const hidden = (state: Message['state']): number =>
    messages.filter(([id, message]) => message.state === state && !visible.has(id)).length;
  return {
    visible: visible.size,
    delayed: hidden('waiting'),
    inFlight: hidden('in-flight'),
    dead: hidden('dead'),
  };
}
