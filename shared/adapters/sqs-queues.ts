/** The work queues on SQS: standard queues, at least once, any order. A message is an id; the state is read by whoever gets it. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { Fault, type QueueName, type Queues } from '../ports.ts';
import { sqsClient } from './sqs-client.ts';

const LONGEST_DELAY_SECONDS = 900;

type QueueUrls = Partial<Record<QueueName, string>>;

/** With a client of its own. */
export const queuesAt = (urls: QueueUrls): Queues => sqsQueues(sqsClient(), urls);

function sqsQueues(client: SQSClient, urls: QueueUrls): Queues {
  return {
    async send(queue, message, delaySeconds = 0) {
      const QueueUrl = urls[queue];
      if (!QueueUrl) throw new Error(`This function was not given the ${queue} queue`);
      const DelaySeconds = Math.min(Math.max(0, Math.ceil(delaySeconds)), LONGEST_DELAY_SECONDS);
      const MessageBody = JSON.stringify(message);
      try {
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
      } catch (error) {
        const why = error instanceof Error ? error.name : 'unknown error';
        throw new Fault(`SQS did not take a message for the ${queue} queue (${why}).`, {
          service: 'queues',
          retryable: true,
          cause: error,
        });
      }
    },
  };
}
