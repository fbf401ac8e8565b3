/**
 * A queue of work with its dead letters. Nothing waits in dead letters unseen: one message there rings. A message is hidden
 * for six times the consumer's limit, so that a slow consumer is never doubled by its own queue.
 */
import { Duration } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { ALARM_PERIOD, type Alerts } from './alerts.ts';

const LONGEST_RETENTION = Duration.days(14);

export type DeadLettersProps = {
  readonly alerts: Alerts;
  /** Name of what failed, for the alarm: `removals` gives `removals-dead-letters`. */
  readonly name: string;
  /** What is lost or late while messages lie here. */
  readonly consequence: string;
  /** What fills it, where that is not a queue with a redrive policy. */
  readonly source?: string;
};

/** A queue that only collects what could not be processed. */
export class DeadLetters extends Construct {
  readonly queue: Queue;
  readonly name: string;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id);
    this.name = props.name;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
    });
    props.alerts.alarm(this, {
      name: `${props.name}-dead-letters`,
      what: `Messages of ${props.name} could not be processed: ${props.consequence}.`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: ALARM_PERIOD,
        statistic: 'Maximum',
      }),
    });
    if (props.source === undefined) return;
    acknowledge(this.queue, {
      finding: 'SQS3',
      reason: `It is a dead-letter queue: ${props.source}`,
      lookAgain: '2027-06',
    });
  }
}

export type WorkQueueProps = DeadLettersProps & { readonly consumerTimeout: Duration };

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly consumerTimeout: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const deadLetters = new DeadLetters(this, 'DeadLetters', props);
    this.consumerTimeout = props.consumerTimeout;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.consumerTimeout.toSeconds() * 6),
      retentionPeriod: LONGEST_RETENTION,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 5 },
    });
  }

  get url(): string {
    return this.queue.queueUrl;
  }
}

/** Sending and nothing else; CDK's own grant adds reading the queue's attributes. */
export function allowSending(grantee: IGrantable, ...queues: readonly IQueue[]): void {
  const resources = queues.map(({ queueArn }) => queueArn);
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources }),
  );
}
