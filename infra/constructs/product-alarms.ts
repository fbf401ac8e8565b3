/**
 * The alarms that the product raises itself, when it has seen something that no error shows. A function writes a log line
 * with the alarm's name in the field `alarm`; a metric filter on its log counts it; one CloudWatch alarm per name rings.
 */
import { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ALARM_PERIOD, type Alerts } from './alerts.ts';

/** By the names of `AlarmName` in shared/ports.ts; a test holds the two together. */
const PRODUCT_ALARMS = {
  'grant-overdue': 'Somebody still has access after the end of their grant.',
  'removal-failing': 'A provider refuses to take access away.',
  'intent-ambiguous': 'It is not known whether a call that changes access has landed.',
  'activation-stuck': 'Approved access is not given after minutes.',
  'drift-found': 'A provider shows other access than the journal says.',
  'audit-row-changed': 'A row of the audit log was modified or removed.',
  'sweep-late': 'A sweep came late: the bound on overdue access did not hold for a while.',
  'policy-rejected': 'The policy file is broken; the last good one stays in force.',
  'digest-unsent': 'A digest waits for an hour and Slack does not take it.',
  'invariant-broken': 'A safety rule was about to be broken; the action was refused.',
} as const;

const METRIC = 'Alarms';
const namespaceOf = (scope: Construct) => `Hallpass/${Stack.of(scope).stackName}`;

export function countProductAlarms(scope: Construct, logGroup: LogGroup): void {
  new MetricFilter(scope, 'Alarms', {
    logGroup,
    filterPattern: FilterPattern.exists('$.alarm'),
    metricNamespace: namespaceOf(scope),
    metricName: METRIC,
    metricValue: '1',
    dimensions: { alarm: '$.alarm' },
  });
}

export function productAlarms(scope: Construct, alerts: Alerts): void {
  for (const [name, what] of Object.entries(PRODUCT_ALARMS)) {
    const metric = new Metric({
      namespace: namespaceOf(scope),
      metricName: METRIC,
      dimensionsMap: { alarm: name },
      period: ALARM_PERIOD,
      statistic: 'Sum',
    });
    alerts.alarm(scope, { name, what, metric });
  }
}
