/** Whoever is woken by an alarm finds out what happened and what to do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ALARMS, LIMITS, METRIC_SERVICE, METRICS, PROVIDERS } from '../../shared/config/signals.ts';
import { BOUND_SECONDS } from '../../shared/domain/holding/timing.ts';
import { ofType, synthesize } from './support/synthesized.ts';

const all = synthesize();
const alarms = ofType(all, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const Filled = z.tuple([
  z.object({ Expression: z.literal('FILL(figure, 0)') }),
  z.object({
    Id: z.literal('figure'),
    ReturnData: z.literal(false),
    MetricStat: z.object({
      Period: z.number(),
      Stat: z.string(),
      Metric: z.record(z.string(), z.unknown()),
    }),
  }),
]);
/** What the alarm looks at, below the filling of missing minutes. */
const watched = (alarm: Record<string, unknown>) => Filled.parse(alarm['Metrics'])[1].MetricStat;
const isOf = (alarm: Record<string, unknown>, metric: string, dimensions: readonly object[]) =>
  watched(alarm).Metric['MetricName'] === metric &&
  JSON.stringify(watched(alarm).Metric['Dimensions']) === JSON.stringify(dimensions);
const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', section] as const),
);
const anchorOf = (alarm: Record<string, unknown>) =>
  /Runbook: docs\/runbook\.md#([\w-]+)$/.exec(String(alarm['AlarmDescription']))?.[1] ?? '(none)';

test.each(ofType(all, 'AWS::Lambda::Function'))('an error of $name rings', ({ name }) => {
  const own = alarms.filter((alarm) =>
    isOf(alarm, 'Errors', [{ Name: 'FunctionName', Value: `<${name}>` }]),
  );
  expect(own).toHaveLength(1);
  expect(own[0]).toMatchObject({ Threshold: 1, DatapointsToAlarm: 1 });
  expect(own.map(watched)).toMatchObject([{ Period: 60, Stat: 'Sum' }]);
});

test.each(ofType(all, 'AWS::SQS::Queue').filter(({ name }) => name.includes('DeadLetters')))(
  'a message in $name rings',
  ({ name }) => {
    const dimension = { Name: 'QueueName', Value: `<${name}.QueueName>` };
    const own = alarms.filter((alarm) =>
      isOf(alarm, 'ApproximateNumberOfMessagesVisible', [dimension]),
    );
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ Threshold: 1, DatapointsToAlarm: 1 });
    expect(own.map(watched)).toMatchObject([{ Period: 60, Stat: 'Maximum' }]);
  },
);

const named = (name: string) =>
  alarms.filter((alarm) => String(alarm['AlarmName']).endsWith(`-prod-${name}`));

test.each(Object.keys(ALARMS))('%s rings when a function logs it', (name) => {
  expect(named(name)).toMatchObject([{ Threshold: 1, DatapointsToAlarm: 1 }]);
  expect(named(name).map(watched)).toMatchObject([
    {
      Period: 60,
      Stat: 'Sum',
      Metric: {
        Namespace: 'Hallpass/Hallpass-prod',
        MetricName: 'Alarms',
        Dimensions: [{ Name: 'alarm', Value: name }],
      },
    },
  ]);
});

test.each([
  ['time-past-expiry', 'TimePastExpiry', 'Maximum', LIMITS.pastExpirySeconds],
  ['ack-slow', 'AckLatency', 'p99', LIMITS.ackMilliseconds],
  ['code-failures', 'CodeFailures', 'Sum', LIMITS.codeFailuresPerMinute],
])('%s looks at %s as the functions write it', (name, metric, statistic, limit) => {
  const service = { Name: 'service', Value: METRIC_SERVICE };
  expect(named(name)).toMatchObject([{ Threshold: limit }]);
  expect(named(name).map(watched)).toMatchObject([
    {
      Stat: statistic,
      Metric: { Namespace: 'Hallpass/Hallpass-prod', MetricName: metric, Dimensions: [service] },
    },
  ]);
});

test.each(PROVIDERS)('a row of errors of %s rings under its name', (provider) => {
  const own = named(`${provider}-provider-errors`);
  expect(own.map(anchorOf)).toEqual(['provider-errors']);
  expect(own.map(watched)).toMatchObject([
    {
      Metric: {
        MetricName: 'ProviderErrors',
        Dimensions: [
          { Name: METRICS.ProviderErrors.by, Value: provider },
          { Name: 'service', Value: METRIC_SERVICE },
        ],
      },
    },
  ]);
});

test('the bound whose break rings is the bound of the design', () => {
  expect(LIMITS.pastExpirySeconds).toBe(BOUND_SECONDS);
});

test('every function sends its metrics where the alarms look', () => {
  for (const { properties } of ofType(all, 'AWS::Lambda::Function'))
    expect(properties).toMatchObject({
      Environment: { Variables: { POWERTOOLS_METRICS_NAMESPACE: 'Hallpass/Hallpass-prod' } },
      LoggingConfig: { LogFormat: 'JSON' },
    });
});

test('the log of every function is counted for these alarms', () => {
  const filters = ofType(all, 'AWS::Logs::MetricFilter').map(({ properties }) => properties);
  const functions = ofType(all, 'AWS::Lambda::Function');
  expect(filters.map((filter) => filter['LogGroupName']).sort()).toEqual(
    functions.map(({ name }) => `<${name.replace('Function', 'Log')}>`).sort(),
  );
  for (const filter of filters) {
    expect(filter).toMatchObject({
      FilterPattern: '{ $.alarm = "*" }',
      MetricTransformations: [
        {
          MetricNamespace: 'Hallpass/Hallpass-prod',
          MetricName: 'Alarms',
          Dimensions: [{ Key: 'alarm', Value: '$.alarm' }],
        },
      ],
    });
  }
});

test('two minutes without a sweep ring, and so does having no figure at all', () => {
  expect(named('sweep-heartbeat')).toMatchObject([
    {
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      TreatMissingData: 'breaching',
    },
  ]);
  expect(named('sweep-heartbeat').map(watched)).toMatchObject([
    { Period: 60, Stat: 'Sum', Metric: { MetricName: 'Invocations' } },
  ]);
});

test('eleven minutes without a checkpoint ring: one run may fail, two may not', () => {
  expect(named('seal-heartbeat')).toMatchObject([
    {
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: LIMITS.minutesWithoutCheckpoint,
      DatapointsToAlarm: LIMITS.minutesWithoutCheckpoint,
      TreatMissingData: 'breaching',
    },
  ]);
  expect(named('seal-heartbeat').map(watched)).toMatchObject([
    { Period: 60, Stat: 'Sum', Metric: { MetricName: 'Checkpoints' } },
  ]);
  expect(LIMITS.minutesWithoutCheckpoint).toBe(11);
});

const ofMinutes = alarms.filter(({ AlarmName }) => !String(AlarmName).endsWith('-seal-heartbeat'));

test.each(ofMinutes)(
  '$AlarmName rings within two minutes, and no gap in its figures delays it',
  (alarm) => {
    expect(watched(alarm).Period * Number(alarm['DatapointsToAlarm'])).toBeLessThanOrEqual(120);
  },
);

test.each(alarms)('$AlarmName reaches the topic', (alarm) => {
  expect(alarm['AlarmActions']).toEqual(['<AlertsTopic>']);
  expect(alarm['ActionsEnabled'] ?? true).toBe(true);
});

test('CloudWatch, and of this account only, may publish there; nobody without TLS', () => {
  const policies = ofType(all, 'AWS::SNS::TopicPolicy');
  expect(policies.map(({ properties }) => properties)).toEqual([
    {
      Topics: ['<AlertsTopic>'],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: expect.arrayContaining([
          {
            Sid: expect.any(String),
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: '<AlertsTopic>',
            Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
          },
          expect.objectContaining({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    },
  ]);
});

test('the topic needs no key that CloudWatch cannot use, nor anything of Slack', () => {
  expect(ofType(all, 'AWS::SNS::Topic').map(({ properties }) => properties)).toEqual([{}]);
});

test('the dashboard shows every metric, the dead letters of every queue, and the state of every alarm', () => {
  const [page = ''] = ofType(all, 'AWS::CloudWatch::Dashboard').map(({ properties }) =>
    String(properties['DashboardBody']),
  );
  const shown = Object.keys(METRICS).filter((name) => !page.includes(`"${name}"`));
  expect(shown).toEqual([]);
  const queues = ofType(all, 'AWS::SQS::Queue').filter(({ name }) => name.includes('DeadLetters'));
  expect(queues.filter(({ name }) => !page.includes(`<${name}.QueueName>`))).toEqual([]);
  const resources = ofType(all, 'AWS::CloudWatch::Alarm');
  expect(resources.filter(({ name }) => !page.includes(`<${name}>`))).toEqual([]);
});

test.each([...new Set(alarms.map(anchorOf))])(
  'docs/runbook.md has a section "## %s" with Description, Investigation and Resolution',
  (anchor) => {
    const section = sections.get(anchor) ?? `(no section ## ${anchor} in docs/runbook.md)`;
    for (const part of ['Description', 'Investigation', 'Resolution']) {
      expect(section).toMatch(new RegExp(`^### ${part}\\n\\n\\S`, 'm'));
    }
  },
);

test('every section of the runbook belongs to an alarm', () => {
  expect([...sections.keys()].sort()).toEqual([...new Set(alarms.map(anchorOf))].sort());
});
