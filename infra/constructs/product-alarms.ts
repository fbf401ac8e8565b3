/**
 * The alarms that the product raises itself, when it has seen something that no error shows. A function writes a log line
 * with the alarm's name in the field `alarm`; a metric filter on its log counts it; one CloudWatch alarm per name rings.
 */
import { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ALARMS } from '../../shared/config/signals.ts';
import { ALARM_PERIOD, type Alerts } from './alerts.ts';

const METRIC = 'Alarms';
/** Of everything that Hallpass measures itself. */
export const namespaceOf = (scope: Construct) => `Hallpass/${Stack.of(scope).stackName}`;

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
  for (const [name, what] of Object.entries(ALARMS)) {
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
