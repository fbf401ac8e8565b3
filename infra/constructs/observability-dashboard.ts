/**
 * One page for whoever is on call: first whether access outlives its end, then what people wait for, then what fails. The depth
 * of the dead letters is SQS's own figure, so it is there when our functions are not.
 */
import { Aws, CfnMapping, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import {
  EFFECTS,
  LIMITS,
  METRICS,
  type MetricName,
  PROVIDERS,
} from '../../shared/config/signals.ts';
import type { Alerts } from './alerts.ts';
import { type Figure, measured } from './observability-metrics.ts';

const HALF = 12;

/** After every alarm was made. */
export function dashboard(scope: Construct, alerts: Alerts): void {
  const graph = (name: MetricName, figures: readonly Omit<Figure, 'name'>[], limit?: number) =>
    new GraphWidget({
      title: `${name} (${METRICS[name].unit}): ${METRICS[name].what}`,
      width: HALF,
      left: figures.map((figure) => measured(scope, { name, ...figure })),
      ...(limit === undefined ? {} : { leftAnnotations: [{ value: limit, label: 'rings' }] }),
    });
  const deadLetters: readonly IMetric[] = alerts.all
    .filter(({ spec }) => spec.name.endsWith('-dead-letters'))
    .map(({ spec }) => spec.metric);
  const page = new Dashboard(scope, 'Dashboard', {
    dashboardName: Stack.of(scope).stackName,
    defaultInterval: Duration.hours(3),
    periodOverride: PeriodOverride.INHERIT,
  });
  page.addWidgets(
    new AlarmStatusWidget({
      title: 'Alarms',
      width: 2 * HALF,
      height: 5,
      alarms: alerts.all.map(({ alarm }) => alarm),
    }),
  );
  page.addWidgets(
    graph('TimePastExpiry', [{ statistic: 'Maximum' }], LIMITS.pastExpirySeconds),
    graph('OverdueGrants', [{ statistic: 'Maximum' }]),
    graph('AckLatency', [{ statistic: 'p50' }, { statistic: 'p99' }], LIMITS.ackMilliseconds),
    graph(
      'EffectAge',
      EFFECTS.map((by) => ({ by, statistic: 'Maximum', label: by })),
    ),
    graph('CodeFailures', [{ statistic: 'Sum' }], LIMITS.codeFailuresPerMinute),
    graph(
      'ProviderErrors',
      PROVIDERS.map((by) => ({ by, statistic: 'Sum', label: by })),
      LIMITS.providerErrorsPerMinute,
    ),
    graph('Checkpoints', [{ statistic: 'Sum' }]),
    new GraphWidget({
      title: 'DlqDepth (Count): messages in dead letters',
      width: 2 * HALF,
      left: [...deadLetters],
    }),
  );
  new CfnOutput(scope, 'DashboardUrl', {
    value: `https://${consoleOf(scope)}/cloudwatch/home?region=${Aws.REGION}#dashboards:name=${page.dashboardName}`,
    description: 'The page for whoever is on call, in CloudWatch',
  });
}

/** Each partition has a console of its own. */
const consoleOf = (scope: Construct): string =>
  new CfnMapping(scope, 'Consoles', {
    mapping: {
      aws: { host: 'console.aws.amazon.com' },
      'aws-cn': { host: 'console.amazonaws.cn' },
      'aws-us-gov': { host: 'console.amazonaws-us-gov.com' },
    },
  }).findInMap(Aws.PARTITION, 'host');
