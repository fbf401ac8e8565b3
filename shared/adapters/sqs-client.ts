/** The queues' client. A file of its own: slack loads it with the first message it sends, not with every cold start. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { firm } from './aws-clients.ts';

export const sqsClient = (): SQSClient => new SQSClient(firm());
