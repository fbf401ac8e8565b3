/** Stock: Bolt's hello world with the two AWS clients that such a bot needs, as they come. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { App, AwsLambdaReceiver } from '@slack/bolt';

const dynamo = new DynamoDBClient({});
const scheduler = new SchedulerClient({});
const receiver = new AwsLambdaReceiver({ signingSecret: 'stock-signing-secret' });
const app = new App({ receiver, token: 'xoxb-stock' });
app.command('/hello', async ({ ack, body }) => {
  const key = { pk: { S: body.text } };
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: 'stock', Key: key }));
  const { Arn = '', RoleArn = '' } = {};
  const Target = { Arn, RoleArn };
  const FlexibleTimeWindow = { Mode: 'OFF' } as const;
  const schedule = { Name: body.text, ScheduleExpression: 'at(2026-01-01T00:00:00)' };
  await scheduler.send(new CreateScheduleCommand({ ...schedule, Target, FlexibleTimeWindow }));
  await ack(JSON.stringify(Item));
});

const started = receiver.start();
export const handler = async (...args: Parameters<Awaited<typeof started>>) =>
  (await started)(...args);
