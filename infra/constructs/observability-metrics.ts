/** The metrics that the functions write into their log, as CloudWatch knows them; names and units are those of shared/config/signals.ts. */
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC_SERVICE, METRICS, type MetricName } from '../../shared/config/signals.ts';
import { ALARM_PERIOD } from './alerts.ts';
import { namespaceOf } from './product-alarms.ts';

export type Figure = {
  readonly name: MetricName;
  readonly statistic: 'Sum' | 'Maximum' | 'p50' | 'p99';
  /** Value of the metric's dimension, where it has one. */
  readonly by?: string;
  readonly label?: string;
};

export function measured(scope: Construct, { name, statistic, by, label }: Figure): Metric {
  const { by: dimension } = METRICS[name];
  if ((dimension === null) !== (by === undefined))
    throw new Error(`${name}: its dimension is ${dimension ?? 'none'}, given was ${by ?? 'none'}`);
  return new Metric({
    namespace: namespaceOf(scope),
    metricName: name,
    dimensionsMap: {
      service: METRIC_SERVICE,
      ...(dimension === null || by === undefined ? {} : { [dimension]: by }),
    },
    period: ALARM_PERIOD,
    statistic,
    ...(label === undefined ? {} : { label }),
  });
}
