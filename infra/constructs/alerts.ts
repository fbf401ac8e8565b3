/**
 * The alarms and the topic they reach: the second sink, which works while Slack is down. Every alarm names a section of
 * docs/runbook.md; a test fails when the section is missing. Subscribe your pager to the topic after the first deploy.
 * Missing minutes are filled with 0: without that CloudWatch reaches back for older figures, so that an alarm on silence rings
 * minutes late and one on an error stays red, and silent, when the next error comes. An error counts for two minutes, since
 * its figure may come late itself.
 */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export type AlarmSpec = {
  /** Alarm name without the stack's, and the anchor of its section in docs/runbook.md. */
  readonly name: string;
  /** Another anchor, where alarms share a section. */
  readonly section?: string;
  /** One sentence for whoever is woken by it. */
  readonly what: string;
  readonly metric: IMetric;
  /** Rings at this value or above; below 1 for a heartbeat. */
  readonly threshold?: number;
  readonly comparison?: ComparisonOperator;
  /** Minutes in a row that must be bad; otherwise one of the last two is enough. */
  readonly inARow?: number;
  readonly whenMissing?: TreatMissingData;
};

export class Alerts extends Construct {
  readonly topic: Topic;
  readonly #all: { spec: AlarmSpec; alarm: Alarm }[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Not encrypted with KMS: CloudWatch cannot publish through the AWS-managed key, and an alarm's text is no secret.
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // A policy of its own replaces the one that let this account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    new CfnOutput(this, 'TopicArn', {
      value: this.topic.topicArn,
      description: 'Subscribe your pager here',
    });
  }

  alarm(scope: Construct, spec: AlarmSpec): Alarm {
    const alarm = new Alarm(scope, `${spec.name}-alarm`, {
      alarmName: `${Stack.of(this).stackName}-${spec.name}`,
      alarmDescription: `${spec.what} Runbook: docs/runbook.md#${spec.section ?? spec.name}`,
      metric: filled(spec.metric),
      threshold: spec.threshold ?? 1,
      comparisonOperator: spec.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: spec.inARow ?? 2,
      datapointsToAlarm: spec.inARow ?? 1,
      treatMissingData: spec.whenMissing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.#all.push({ spec, alarm });
    return alarm;
  }

  /** What was made so far, for the dashboard. */
  get all(): readonly { readonly spec: AlarmSpec; readonly alarm: Alarm }[] {
    return this.#all;
  }
}

/** Alarms look at one minute, so that they ring within two. */
export const ALARM_PERIOD = Duration.minutes(1);

const filled = (metric: IMetric): MathExpression =>
  new MathExpression({
    expression: 'FILL(figure, 0)',
    usingMetrics: { figure: metric },
    period: ALARM_PERIOD,
  });
