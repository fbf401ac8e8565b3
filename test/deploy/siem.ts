/**
 * A SIEM as its owner sets it up, beside our stack and without it: an event bus, a rule for all that Hallpass says, and the queue that the
 * rule leads to. It knows what docs/export.md says and nothing else.
 */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { ROOT_CREDENTIALS } from './cloud.ts';
import { REGION } from './ministack.ts';

/** An event as EventBridge hands it over. */
const Heard = z.object({
  source: z.string(),
  'detail-type': z.string(),
  detail: z.strictObject({
    tenant: z.string(),
    chain: z.string(),
    seq: z.int(),
    event: z.looseObject({ type: z.string(), at: z.string() }),
    previous: z.string(),
    hash: z.string(),
  }),
});
export type Heard = z.infer<typeof Heard>;

export type Siem = {
  readonly busArn: string;
  /** What came since it was asked last, each message taken off the queue. */
  heard(): Promise<Heard[]>;
  close(): void;
};

const BUS = 'siem';
const MOST_AT_ONCE = 10;
/** From docs/export.md, "A rule for a SIEM that wants all of it". */
const PATTERN = JSON.stringify({ source: ['hallpass'] });

export async function listeningSiem(endpoint: string): Promise<Siem> {
  const config = { endpoint, region: REGION, credentials: ROOT_CREDENTIALS };
  const events = new EventBridgeClient(config);
  const sqs = new SQSClient(config);
  const { EventBusArn: busArn = '' } = await events.send(new CreateEventBusCommand({ Name: BUS }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: BUS }));
  const queueArn = await arnOf(sqs, QueueUrl);
  const rule = { EventBusName: BUS, Name: 'all-of-hallpass' };
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ ...rule, EventPattern: PATTERN }),
  );
  await admit(sqs, { QueueUrl, queueArn, RuleArn });
  const Targets = [{ Id: 'queue', Arn: queueArn }];
  const { Name: Rule, EventBusName } = rule;
  await events.send(new PutTargetsCommand({ EventBusName, Rule, Targets }));
  return {
    busArn,
    heard: () => heardAt(sqs, QueueUrl),
    close() {
      for (const client of [events, sqs]) client.destroy();
    },
  };
}

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const asked = { QueueUrl, AttributeNames: ['QueueArn' as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(asked));
  return Attributes?.['QueueArn'] ?? '';
}

/** EventBridge puts messages there by the queue's own policy, and by this rule only. */
async function admit(
  sqs: SQSClient,
  { QueueUrl, queueArn, RuleArn }: { QueueUrl: string; queueArn: string; RuleArn: string },
): Promise<void> {
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

async function heardAt(sqs: SQSClient, QueueUrl: string): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: MOST_AT_ONCE }),
    );
    if (Messages.length === 0) return heard;
    for (const { Body } of Messages) heard.push(Heard.parse(JSON.parse(Body ?? '')));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
