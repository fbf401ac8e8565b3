/** What an operator sees of the deployment: journal, schedules, dead letters, logs; asked of AWS's own APIs with the operator's rights. */
import { createHash, createHmac } from 'node:crypto';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Deployed } from '../../local/operations/deployed.ts';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { dynamoJournal } from '../../shared/adapters/dynamo-journal.ts';
import { s3Archive } from '../../shared/adapters/s3-archive.ts';
import { s3Client } from '../../shared/adapters/s3-client.ts';
import type { Journal } from '../../shared/ports.ts';
import { REGION } from './ministack.ts';

/** The emulator's root user. */
export const ROOT_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

export type Cloud = {
  readonly journal: Journal;
  putSecret(secretId: string, value: object): Promise<void>;
  schedules(): Promise<string[]>;
  /** The journal publishes nothing any more. */
  loseStream(): Promise<void>;
  /** Every line of the continuous export. */
  exported(): Promise<string[]>;
  /** Messages by queue; empty queues are left out. */
  waiting(queues: Readonly<Record<string, string>>): Promise<Record<string, number>>;
  /** Every line that the functions logged. */
  logLines(): Promise<string[]>;
  close(): void;
};

export function cloudOf(endpoint: string, deployed: Deployed): Cloud {
  const config = { endpoint, region: REGION, credentials: ROOT_CREDENTIALS };
  const scheduler = new SchedulerClient(config);
  const secrets = new SecretsManagerClient(config);
  const sqs = new SQSClient(config);
  const dynamo = dynamoClient(config);
  const s3 = s3Client({ ...config, forcePathStyle: true });
  const archive = s3Archive(deployed.AuditBucket, s3);
  const tables = {
    tenant: deployed.Settings.tenant,
    journal: deployed.JournalTable,
    state: deployed.StateTable,
  };
  return {
    journal: dynamoJournal({ client: dynamo, tables }),
    async putSecret(SecretId, value) {
      const SecretString = JSON.stringify(value);
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    async schedules() {
      const GroupName = deployed.ScheduleGroup;
      const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName }));
      return Schedules.map(({ Name }) => Name ?? '');
    },
    async loseStream() {
      const TableName = deployed.JournalTable;
      const StreamSpecification = { StreamEnabled: false };
      await dynamo.send(new UpdateTableCommand({ TableName, StreamSpecification }));
    },
    async exported() {
      const lines: string[] = [];
      for await (const name of archive.names('export/dt='))
        lines.push(...((await archive.get(name)) ?? '').trim().split('\n'));
      return lines;
    },
    async waiting(queues) {
      const counted = await Promise.all(
        Object.entries(queues).map(async ([name, url]) => [name, await depth(sqs, url)] as const),
      );
      return Object.fromEntries(counted.filter(([, count]) => count > 0));
    },
    logLines: () => logLines(endpoint),
    close() {
      for (const client of [scheduler, secrets, sqs, dynamo, s3]) client.destroy();
    },
  };
}

const ATTRIBUTES = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
] as const;

async function depth(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = [...ATTRIBUTES];
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames }),
  );
  return ATTRIBUTES.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}

const Groups = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const Events = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextToken: z.string().optional(),
});

async function logLines(endpoint: string): Promise<string[]> {
  const { logGroups } = Groups.parse(await askLogs(endpoint, 'DescribeLogGroups', {}));
  const lines: string[] = [];
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined;
    do {
      const asked = { logGroupName, ...(nextToken === undefined ? {} : { nextToken }) };
      const page = Events.parse(await askLogs(endpoint, 'FilterLogEvents', asked));
      lines.push(...page.events.flatMap(({ message }) => message.split('\n')));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return lines;
}

/** CloudWatch Logs without a client of its own in the lock: one signed POST (Signature Version 4). */
async function askLogs(endpoint: string, action: string, asked: object): Promise<unknown> {
  const { host } = new URL(endpoint);
  const body = JSON.stringify(asked);
  const at = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${at.slice(0, 8)}/${REGION}/logs/aws4_request`;
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host,
    'x-amz-date': at,
    'x-amz-target': `Logs_20140328.${action}`,
  };
  const signed = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), signed, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const start = Buffer.from(`AWS4${ROOT_CREDENTIALS.secretAccessKey}`);
  const key = scope.split('/').reduce<Buffer>((last, part) => hmac(last, part), start);
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${ROOT_CREDENTIALS.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, authorization },
    body,
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
