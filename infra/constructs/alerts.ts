/**
 * The alarms and the topic they reach: the second sink, which works while Slack is down. Every alarm names a section of
 * docs/runbook.md; a test fails when the section is missing. Subscribe your pager to the topic after the first deploy.
 */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export type AlarmSpec = {
  /** Alarm name without the stack's, and the anchor of its section in docs/runbook.md. */
  readonly name: string;
  /** One sentence for whoever is woken by it. */
  readonly what: string;
  readonly metric: IMetric;
  /** Rings at this value or above; below 1 for a heartbeat. */
  readonly threshold?: number;
  readonly comparison?: ComparisonOperator;
  readonly evaluationPeriods?: number;
  readonly whenMissing?: TreatMissingData;
};

export class Alerts extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Not encrypted with KMS: CloudWatch cannot publish through the AWS-managed key, and an alarm's text is no secret.
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    new CfnOutput(this, 'TopicArn', {
      value: this.topic.topicArn,
      description: 'Subscribe your pager here',
    });
  }

  alarm(scope: Construct, spec: AlarmSpec): Alarm {
    const alarm = new Alarm(scope, `${spec.name}-alarm`, {
      alarmName: `${Stack.of(this).stackName}-${spec.name}`,
      alarmDescription: `${spec.what} Runbook: docs/runbook.md#${spec.name}`,
      metric: spec.metric,
      threshold: spec.threshold ?? 1,
      comparisonOperator: spec.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: spec.evaluationPeriods ?? 1,
      treatMissingData: spec.whenMissing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}

/** Alarms look at one minute, so that they ring within two. */
export const ALARM_PERIOD = Duration.minutes(1);
