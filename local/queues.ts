/**
 * SQS in process: queues with delays, visibility timeouts, redelivery and dead letters, all in local time and kept on disk.
 * At least once, in no promised order: a message is gone only after a handler dealt with it; a handler that throws or names
 * it as failed sees it again after the visibility timeout, until `maxReceives` is used up. Never blocks one message on another.
 */
import { join } from 'node:path';
import type { LocalClock } from './clock.ts';
import {
  openQueueMessages,
  type QueueDepth,
  type QueueMessages,
  type QueueName,
  type QueueRecord,
} from './queue-messages.ts';

const longestDelaySeconds = 900;
const mostBodyBytes = 256 * 1024;

/** Answers which messages failed, as a Lambda with `ReportBatchItemFailures` does. */
export type QueueHandler = (records: QueueRecord[]) => Promise<{
  batchItemFailures: { itemIdentifier: string }[];
}>;
export type ConsumeOptions = {
  /** Handler calls at the same time. */
  readonly concurrency: number;
  readonly visibilitySeconds: number;
  /** Messages per handler call, at most. */
  readonly batchSize: number;
  /** A message received so often becomes a dead letter instead of being received once more. */
  readonly maxReceives: number;
};

export type LocalQueues = {
  /** Resolves once the message is on disk. Refuses what SQS refuses: over 900 s, over 256 KB, an empty body. */
  send(queue: QueueName, body: string, delaySeconds?: number): Promise<void>;
  /** One consumer per queue; nothing is received before `start`. */
  consume(queue: QueueName, handler: QueueHandler, options: ConsumeOptions): void;
  start(): void;
  deadLetters(queue: QueueName): QueueRecord[];
  depth(queue: QueueName): QueueDepth;
  /** Resolves when no consumed queue has a visible message and no handler is running. */
  settled(): Promise<void>;
  /** Receives nothing more, waits for running handlers, closes the file. */
  close(): Promise<void>;
};

type Consumer = { handler: QueueHandler; options: ConsumeOptions; running: number };

export function openLocalQueues(parts: {
  dataDir: string | null;
  clock: LocalClock;
  /** Told about handlers that threw; their messages come again. */
  onError: (error: unknown) => void;
}): LocalQueues {
  const consumers = new Map<QueueName, Consumer>();
  const waiting: (() => void)[] = [];
  let state: 'wired' | 'started' | 'closed' = 'wired';
  const file = parts.dataDir && join(parts.dataDir, 'queues.jsonl');
  const messages = openQueueMessages({ file, clock: parts.clock, onVisible: pump });

  function pump(queue: QueueName): void {
    const consumer = consumers.get(queue);
    if (state !== 'started' || consumer === undefined) return;
    const { concurrency, batchSize: most, visibilitySeconds, maxReceives } = consumer.options;
    while (consumer.running < concurrency && messages.anyVisible(queue)) {
      const records = messages.receive(queue, { most, visibilitySeconds, maxReceives });
      if (records.length > 0) void run(queue, consumer, records);
    }
  }

  async function run(queue: QueueName, consumer: Consumer, records: QueueRecord[]): Promise<void> {
    consumer.running += 1;
    try {
      await handleBatch({ queue, records, handler: consumer.handler, messages });
    } catch (error) {
      parts.onError(error);
    }
    consumer.running -= 1;
    pump(queue);
    if (idle()) for (const resolve of waiting.splice(0)) resolve();
  }

  function idle(): boolean {
    const all = [...consumers];
    if (all.some(([, { running }]) => running > 0)) return false;
    return state !== 'started' || !all.some(([queue]) => messages.anyVisible(queue));
  }

  const settled = (): Promise<void> =>
    idle() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));

  return {
    async send(queue, body, delaySeconds = 0) {
      checkMessage(body, delaySeconds);
      messages.add(queue, body, delaySeconds);
    },
    consume(queue, handler, options) {
      if (consumers.has(queue)) throw new Error(`The queue ${queue} already has a consumer.`);
      checkOptions(queue, options);
      consumers.set(queue, { handler, options, running: 0 });
      pump(queue);
    },
    start() {
      state = 'started';
      for (const queue of consumers.keys()) pump(queue);
    },
    deadLetters: messages.deadLetters,
    depth: messages.depth,
    settled,
    async close() {
      state = 'closed';
      await settled();
      messages.close();
    },
  };
}

/** Removes what the handler dealt with; throws when it failed as a whole or reported a message it was not given. */
async function handleBatch(batch: {
  queue: QueueName;
  records: QueueRecord[];
  handler: QueueHandler;
  messages: QueueMessages;
}): Promise<void> {
  // A task of its own: the sender's call returns before the handler begins, as with a real queue.
  await new Promise(setImmediate);
  const { batchItemFailures } = await batch.handler(batch.records);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const id of failed)
    if (!batch.records.some(({ messageId }) => messageId === id))
      throw new Error(
        `The handler of ${batch.queue} reported ${id || 'an empty id'} as failed, which it was not given: the whole batch comes again.`,
      );
  for (const { messageId } of batch.records)
    if (!failed.has(messageId)) batch.messages.remove(messageId);
}

function checkMessage(body: string, delaySeconds: number): void {
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > longestDelaySeconds)
    throw new RangeError(
      `A message is delayed by 0 to ${longestDelaySeconds} whole seconds, not by ${delaySeconds}.`,
    );
  const bytes = Buffer.byteLength(body);
  if (bytes === 0 || bytes > mostBodyBytes)
    throw new RangeError(`A message has 1 to ${mostBodyBytes} bytes, not ${bytes}.`);
}

function checkOptions(queue: QueueName, options: ConsumeOptions): void {
  for (const [name, value] of Object.entries(options))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} of the queue ${queue} is a whole number from 1, not ${value}.`);
}
