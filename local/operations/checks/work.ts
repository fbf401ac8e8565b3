/** Queues, dead letters, schedules and keys: what work travels by. */
import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { GetScheduleGroupCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Deployed } from '../deployed.ts';
import { type Check, must, ok, problem, warning } from './finding.ts';

const DEPLOY = 'Deploy again: npm run deploy';
/** More than this waiting says that a consumer is behind. */
const MANY = 1000;

export function queueChecks(client: SQSClient, { Queues, DeadLetterQueues }: Deployed): Check[] {
  const depth = async (QueueUrl: string) => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  };
  return [
    ...Object.entries(Queues).map(([name, url]) => ({
      name: `queue ${name}`,
      run: async () => {
        const waiting = await depth(url);
        const is = `${waiting} waiting`;
        return [
          waiting <= MANY ? ok(is) : warning(is, 'See the function’s errors and its concurrency'),
        ];
      },
    })),
    ...Object.entries(DeadLetterQueues).map(([name, url]) => ({
      name: `dead letters of ${name}`,
      run: async () => {
        const dead = await depth(url);
        return [
          must(dead === 0, 'none', {
            what: `${dead} could not be processed`,
            fix: `docs/runbook.md#${name}-dead-letters`,
          }),
        ];
      },
    })),
  ];
}

export const scheduleCheck = (client: SchedulerClient, { ScheduleGroup }: Deployed): Check => ({
  name: `schedule group ${ScheduleGroup}`,
  async run() {
    const { State } = await client.send(new GetScheduleGroupCommand({ Name: ScheduleGroup }));
    return [must(State === 'ACTIVE', 'is active', { what: `is ${State}`, fix: DEPLOY })];
  },
});

export function keyChecks(client: KMSClient, deployed: Deployed): Check[] {
  const { githubAppKeyId } = deployed.Settings;
  const keys: (readonly [name: string, id: string, usage: string])[] = [
    ['key of the authenticators', deployed.AuthenticatorKey, 'ENCRYPT_DECRYPT'],
    ['key of the checkpoints', deployed.AuditSigningKey, 'SIGN_VERIFY'],
  ];
  if (githubAppKeyId !== '') keys.push(['key of the GitHub App', githubAppKeyId, 'SIGN_VERIFY']);
  return keys.map(([name, KeyId, usage]) => ({
    name,
    async run() {
      const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId }));
      if (key?.KeyUsage !== usage)
        return [problem(`is for ${key?.KeyUsage ?? 'nothing'}`, `It has to be for ${usage}`)];
      return [
        must(key.KeyState === 'Enabled', 'is enabled', {
          what: `is ${key.KeyState}`,
          fix: `aws kms cancel-key-deletion or enable-key --key-id ${KeyId}`,
        }),
      ];
    },
  }));
}
