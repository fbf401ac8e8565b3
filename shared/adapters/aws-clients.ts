/** AWS clients with short, firm timeouts: a call that hangs must fail while the person still waits. */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { SchedulerClient, type SchedulerClientConfig } from '@aws-sdk/client-scheduler';

const requestHandler = {
  connectionTimeout: 1000,
  requestTimeout: 3000,
  throwOnRequestTimeout: true,
};
/** One more try inside the SDK; its transactions carry an idempotency token, so it cannot write twice. */
const maxAttempts = 2;

export function dynamoClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({ requestHandler, maxAttempts, ...config });
  // It goes through every input and output for a logger that nobody gave it.
  client.middlewareStack.removeByTag('LOGGER');
  return client;
}

export const schedulerClient = (config: SchedulerClientConfig = {}): SchedulerClient =>
  new SchedulerClient({ requestHandler, maxAttempts, ...config });

/** For every other client, also those that a library makes. */
export const firm = () => ({ requestHandler, maxAttempts });
